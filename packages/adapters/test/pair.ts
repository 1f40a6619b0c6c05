import { yamux } from '@libp2p/yamux'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { type MuxedConn, nullScope, type PeerScope } from '@weir/network'
import { fromMessageStream, fromStreamMuxerFactory, type FromStreamMuxerFactoryInit } from '../src/index.ts'

/** The scope of a peer that has no limits. */
export const peerScope: PeerScope = { ...nullScope, peer: { type: 'test', toString: () => 'peer' } }

/** Two ends of one connection, both through our adapters over js yamux. */
export function muxedPair (init: FromStreamMuxerFactoryInit = {}): { client: MuxedConn, server: MuxedConn } {
  const [outbound, inbound] = multiaddrConnectionPair()
  const multiplexer = fromStreamMuxerFactory(yamux()(), init)
  return {
    client: multiplexer.newConn(fromMessageStream(outbound), false, peerScope),
    server: multiplexer.newConn(fromMessageStream(inbound), true, peerScope)
  }
}
