import { type MemorySecureConn, secureConnPair, type SecureConnPairInit } from '@weir/compliance'
import { type MuxedConn, type MuxedStream, nullScope, type PeerScope } from '@weir/network'
import { yamux, type YamuxInit } from '../src/index.ts'
import { HandConn } from './hand-conn.ts'

/** The scope of a peer that has no limits. */
const peerScope: PeerScope = { ...nullScope, peer: { type: 'test', toString: () => 'peer' } }

export interface Pair {
  readonly client: MuxedConn
  readonly server: MuxedConn
  /** The connections below, client's and server's. */
  readonly below: [MemorySecureConn, MemorySecureConn]
  /** A stream, both ends of it. */
  stream (): Promise<{ out: MuxedStream, into: MuxedStream }>
  end (): void
}

export interface PairInit {
  readonly init?: YamuxInit
  readonly scopes?: readonly [PeerScope, PeerScope]
  readonly below?: SecureConnPairInit
}

/** Two ends of one connection in memory. */
export function muxedPair ({ init, scopes = [peerScope, peerScope], below }: PairInit = {}): Pair {
  const ends = secureConnPair(below)
  const multiplexer = yamux(init)
  const client = multiplexer.newConn(ends[0], false, scopes[0])
  const server = multiplexer.newConn(ends[1], true, scopes[1])
  return {
    client,
    server,
    below: ends,
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
export function muxedByHand (init: YamuxInit = {}, { isServer = true, scope = peerScope }: { isServer?: boolean, scope?: PeerScope } = {}): { hand: HandConn, conn: MuxedConn } {
  const hand = new HandConn()
  return { hand, conn: yamux(init).newConn(hand, isServer, scope) }
}

/** All that comes until the end. */
export async function readAll (stream: MuxedStream): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
