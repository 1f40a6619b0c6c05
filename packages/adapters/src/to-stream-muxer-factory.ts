import type { MessageStream, StreamMuxerFactory } from '@libp2p/interface'
import { type Multiplexer, nullScope, type PeerScope } from '@weir/network'
import { fromMessageStream } from './from-message-stream.ts'
import { MuxedJsMuxer } from './muxed-js-muxer.ts'
import { checkOptions } from './options.ts'

export interface ToStreamMuxerFactoryInit {
  /** The remote's scope, where windows and buffers are charged: a js muxer is not told whose connection it gets. */
  readonly scopeOf?: ((conn: MessageStream) => PeerScope) | undefined
}

const unknownPeer: PeerScope = { ...nullScope, peer: { type: 'unknown', toString: () => 'unknown' } }

/**
 * A `Multiplexer` as a js-libp2p `StreamMuxerFactory`, for stock js-libp2p.
 *
 * Streams of the remote are accepted once somebody listens for them. Closing the muxer ends the connection below too,
 * which js-libp2p does right after anyway.
 */
export function toStreamMuxerFactory (multiplexer: Multiplexer, init: ToStreamMuxerFactoryInit = {}): StreamMuxerFactory {
  checkOptions('toStreamMuxerFactory', init, {}, ['scopeOf'])
  const scopeOf = init.scopeOf ?? (() => unknownPeer)
  return {
    protocol: multiplexer.protocol,
    createStreamMuxer: conn => {
      const muxed = multiplexer.newConn(fromMessageStream(conn), conn.direction === 'inbound', scopeOf(conn))
      return new MuxedJsMuxer(muxed, multiplexer.protocol, conn.log.newScope('muxer'))
    }
  }
}
