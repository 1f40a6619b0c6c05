import { multiaddrConnectionPair } from '@libp2p/utils'
import { yamux, type YamuxMuxerInit } from '@libp2p/yamux'
import type { MultiaddrConnection } from '@libp2p/interface'
import { type MuxedConn, type MuxedStream, nullScope, type PeerScope } from '@weir/network'
import { fromMessageStream, fromStreamMuxerFactory, type FromStreamMuxerFactoryInit } from '../src/index.ts'
import { HandConn } from './hand-conn.ts'

/** The scope of a peer that has no limits. */
export const peerScope: PeerScope = { ...nullScope, peer: { type: 'test', toString: () => 'peer' } }

/** No keep-alive: its pings would stand between the frames of a test. */
export const QUIET = { enableKeepAlive: false } as const

export interface Pair {
  readonly client: MuxedConn
  readonly server: MuxedConn
  /** The connections below, client's and server's. */
  readonly raw: [MultiaddrConnection, MultiaddrConnection]
  /** A stream, both ends of it. */
  stream (): Promise<{ out: MuxedStream, into: MuxedStream }>
  end (): void
}

/** Two ends of one connection, both through our adapters over js yamux. */
export function muxedPair (init: FromStreamMuxerFactoryInit = {}, yamuxInit: YamuxMuxerInit = {}): Pair {
  const raw = multiaddrConnectionPair()
  const multiplexer = fromStreamMuxerFactory(yamux(yamuxInit)(), init)
  const client = multiplexer.newConn(fromMessageStream(raw[0]), false, peerScope)
  const server = multiplexer.newConn(fromMessageStream(raw[1]), true, peerScope)
  return {
    client,
    server,
    raw,
    stream: async () => {
      const [out, into] = await Promise.all([client.openStream(), server.acceptStream()])
      return { out, into }
    },
    end () {
      client.abort(new Error('the test is over'))
      server.abort(new Error('the test is over'))
    }
  }
}

/** Our end of a connection whose other end speaks frames by hand. */
export function muxedByHand (init: FromStreamMuxerFactoryInit = {}, { isServer = true, scope = peerScope }: { isServer?: boolean, scope?: PeerScope } = {}): { hand: HandConn, conn: MuxedConn } {
  const hand = new HandConn()
  return { hand, conn: fromStreamMuxerFactory(yamux(QUIET)(), init).newConn(hand, isServer, scope) }
}

/** All that comes until the end. */
export async function readAll (stream: MuxedStream): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
