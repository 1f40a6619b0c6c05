import { type Clock, nullPeerstore, type Stream, type StreamHandler } from '@weir/network'
import type { Host } from '../src/index.ts'
import { fakeConn } from './fake-conn.ts'
import { type MemoryStream, streamPair } from './memory-stream.ts'
import { peerIdFromString } from '@libp2p/peer-id'

const PEER = peerIdFromString('12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5')

export interface LinkedHost {
  readonly host: Host
  readonly peer: typeof PEER
  /** The near and the far end of each stream, in the order of opening. */
  readonly streams: [near: MemoryStream, far: MemoryStream][]
  /** What handlers rejected with. */
  readonly rejections: unknown[]
}

/** As much of a host as services look at, whose streams come back to its own handlers, on a clock that is turned by hand. */
export function linkedHost (clock: Clock): LinkedHost {
  const handlers = new Map<string, StreamHandler>()
  const streams: LinkedHost['streams'] = []
  const rejections: unknown[] = []
  const host: Partial<Host> = {
    clock,
    network: { peerstore: nullPeerstore } as Host['network'],
    setStreamHandler (protocol, handler) { handlers.set(protocol, handler) },
    removeStreamHandler (protocol) { handlers.delete(protocol) },
    async newStream (_peer, protocol): Promise<Stream> {
      const [near, far] = streamPair(fakeConn(PEER), fakeConn(PEER), clock)
      for (const stream of [near, far]) {
        stream.setProtocol(String(protocol))
        ;(stream.scope as unknown as { setProtocol (id: string): void }).setProtocol(String(protocol))
      }
      streams.push([near, far])
      Promise.try(() => handlers.get(String(protocol))?.(far)).catch((error: unknown) => {
        rejections.push(error)
        far.reset()
      })
      return near
    }
  }
  return { host: host as Host, peer: PEER, streams, rejections }
}
