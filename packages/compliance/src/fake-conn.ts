import type { Multiaddr } from '@multiformats/multiaddr'
import { type Conn, ConnClosedError, ConnErrorCode, type Direction, nullScope, type PeerRef } from '@weir/network'
import { sampleAddr } from './sample-addr.ts'
import { samplePeer } from './sample-peer.ts'

export interface FakeConnInit {
  readonly id: string
  readonly remotePeer: PeerRef
  /** @defaultValue `outbound` */
  readonly direction?: Direction | undefined
  /** @defaultValue `sampleAddr(1)` */
  readonly remoteMultiaddr?: Multiaddr | undefined
  /** What `streams()` and `stat()` say. @defaultValue 0 */
  readonly numStreams?: number | undefined
  /** Wall clock of the opening. @defaultValue 0 */
  readonly openedMs?: number | undefined
  /** Told of the end, once, in the turn in which it is asked for. */
  readonly onClose?: ((errorCode: number) => void) | undefined
}

/** A connection that leads nowhere: for what looks at connections and closes them, and neither reads nor writes. */
export function fakeConn (init: FakeConnInit): Conn {
  const { id, remotePeer, direction = 'outbound', remoteMultiaddr = sampleAddr(1), numStreams = 0, openedMs = 0 } = init
  let closed = false
  const end = async (errorCode: number): Promise<void> => {
    if (closed) return
    closed = true
    init.onClose?.(errorCode)
  }
  return {
    id,
    localPeer: samplePeer(0),
    remotePeer,
    remotePublicKey: Object.freeze({ type: 'Ed25519', toString: () => 'the key of a fake connection' }) as unknown as Conn['remotePublicKey'], // only a real network has a real one
    localMultiaddr: sampleAddr(0),
    remoteMultiaddr,
    scope: nullScope,
    connState: () => ({ streamMultiplexer: '', security: '', transport: 'fake', usedEarlyMuxerNegotiation: false }),
    stat: () => ({ direction, openedMs, limited: false, readBytes: 0, writtenBytes: 0, extra: new Map(), numStreams }),
    streams: () => Array.from({ length: closed ? 0 : numStreams }, () => ({}) as never),
    newStream: async () => { throw new ConnClosedError({ remote: false }) },
    isClosed: () => closed,
    close: () => end(ConnErrorCode.noError),
    closeWithError: end,
    [Symbol.asyncDispose]: () => end(ConnErrorCode.noError)
  }
}
