import type { Logger } from '@libp2p/interface'
import { ResourceLimitExceededError, type Stream, StreamErrorCode, type StreamHandler, StreamResetError } from '@weir/network'

/**
 * Runs a handler on a stream that the remote opened. The one place where what a handler throws is caught: its stream is
 * reset with a code. One that returns leaves its stream as it is.
 */
export async function runHandler (handler: StreamHandler | undefined, stream: Stream, log: Logger): Promise<void> {
  if (handler === undefined) {
    stream.resetWithError(StreamErrorCode.protocolNegotiationFailed)
    return
  }
  try {
    await handler(stream)
  } catch (error) {
    log('the handler of stream %s of protocol %s rejected - %e', stream.id, stream.protocol, error)
    stream.resetWithError(errorCodeOf(error))
  }
}

function errorCodeOf (error: unknown): number {
  if (ResourceLimitExceededError.is(error)) return StreamErrorCode.resourceLimitExceeded
  return StreamResetError.is(error) ? error.errorCode : StreamErrorCode.noError
}
