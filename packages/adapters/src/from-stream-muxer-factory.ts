import type { ComponentLogger, StreamMuxerFactory } from '@libp2p/interface'
import { type Clock, type Multiplexer, systemClock } from '@weir/network'
import { ADAPTERS_DEFAULTS } from './defaults.ts'
import { JsMuxedConn } from './js-muxed-conn.ts'
import { nullLogger } from './null-logger.ts'
import { checkOptions, pick } from './options.ts'

export interface FromStreamMuxerFactoryInit {
  readonly logger?: ComponentLogger | undefined
  readonly clock?: Clock | undefined
  /** How long the graceful end of a connection or of a stream's writing may take before it becomes an abort. */
  readonly closeTimeoutMs?: number | undefined
  /** How long after its `close` the remote may keep its side of a stream open before the stream is reset. */
  readonly streamCloseTimeoutMs?: number | undefined
  /** Unread bytes above which a stream is paused. */
  readonly maxReadBufferBytes?: number | undefined
  /** The largest piece of a write that the muxer is given at once. */
  readonly maxWriteChunkBytes?: number | undefined
  /** Streams of the remote that wait to be accepted; more are reset. */
  readonly maxAcceptQueue?: number | undefined
  /** Yamux: the largest window that the remote is granted on a stream. 262,144 keeps windows from growing. */
  readonly maxStreamWindowBytes?: number | undefined
  /** Yamux: streams that the guard follows; more end the connection. */
  readonly maxTrackedStreams?: number | undefined
  /** Yamux: ping replies that may wait for a remote that does not read; more end the connection. */
  readonly maxWaitingPings?: number | undefined
  /** Yamux: all frames without data that may wait for a remote that does not read; more end the connection. */
  readonly maxWaitingFrames?: number | undefined
}

const DEFAULTS = pick(
  ADAPTERS_DEFAULTS,
  'closeTimeoutMs', 'streamCloseTimeoutMs', 'maxReadBufferBytes', 'maxWriteChunkBytes', 'maxAcceptQueue',
  'maxStreamWindowBytes', 'maxTrackedStreams', 'maxWaitingPings', 'maxWaitingFrames'
)

/**
 * Any js-libp2p muxer as a `Multiplexer`.
 *
 * `/yamux/1.0.0` gets a frame guard below it, which ends the connection with a `YamuxFrameError` before a frame is
 * buffered that breaks the protocol or passes its window. Each stream reserves 256 KiB and its read buffer in the peer's scope, and more when
 * its window grows; a stream that is refused is reset, a window that is refused stays as it is.
 *
 * Error codes of the remote are understood where the guard sees them. Ours reach the remote only where the js muxer can
 * carry them, and js yamux cannot: `closeWithError` is `close`, `resetWithError` is `reset`.
 */
export function fromStreamMuxerFactory (factory: StreamMuxerFactory, init: FromStreamMuxerFactoryInit = {}): Multiplexer {
  const limits = checkOptions('fromStreamMuxerFactory', init, DEFAULTS, ['logger', 'clock'])
  const clock = init.clock ?? systemClock
  const log = (init.logger ?? nullLogger).forComponent('weir:muxer')
  return {
    protocol: factory.protocol,
    newConn: (conn, isServer, scope) => {
      try {
        return new JsMuxedConn(conn, factory, { ...limits, clock, log, isServer, scope })
      } catch (error) {
        conn.abort(error as Error)
        throw error
      }
    }
  }
}
