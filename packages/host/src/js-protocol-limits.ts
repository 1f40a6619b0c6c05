import { type StreamHandlerOptions, TooManyInboundProtocolStreamsError, TooManyOutboundProtocolStreamsError } from '@libp2p/interface'
import { type ProtocolID, ReservationPriority, type Stream } from '@weir/network'
import { JS_SERVICE_CHARGES, JS_STREAM_DEFAULTS } from './defaults.ts'

export type JsStreamLimits = Pick<StreamHandlerOptions, 'maxInboundStreams' | 'maxOutboundStreams'>

/**
 * Admits one more stream of a js service: counts those of its protocol on the connection, the new one included, as js-libp2p
 * does, and charges it to its service.
 *
 * @throws {TooManyInboundProtocolStreamsError}
 * @throws {TooManyOutboundProtocolStreamsError}
 * @throws {ResourceLimitExceededError} when the service has too much
 */
export function admitJsStream (stream: Stream, protocol: ProtocolID, direction: 'inbound' | 'outbound', limits: JsStreamLimits = {}): void {
  const { maxInboundStreams, maxOutboundStreams } = { ...JS_STREAM_DEFAULTS, ...limits }
  const limit = direction === 'inbound' ? maxInboundStreams : maxOutboundStreams
  const count = stream.conn.streams().filter(other => other.protocol === protocol && other.stat().direction === direction).length
  if (count > limit) {
    const TooMany = direction === 'inbound' ? TooManyInboundProtocolStreamsError : TooManyOutboundProtocolStreamsError
    throw new TooMany(`more than ${limit} ${direction} streams of ${protocol} on one connection`)
  }
  const charge = Object.hasOwn(JS_SERVICE_CHARGES, protocol) ? JS_SERVICE_CHARGES[protocol] : undefined
  if (charge === undefined) return
  stream.scope.setService(charge.service)
  stream.scope.reserveMemory(charge.memoryBytes, ReservationPriority.always)
}
