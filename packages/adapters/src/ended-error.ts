import { ConnClosedError } from '@weir/network'

// How a socket says that the other side has gone.
const REMOTE_CODES = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

/**
 * What everybody who waits on a connection gets to see when it has ended.
 *
 * @param cause - what ended it, if there was a fault
 * @param remote - whether the other side ended it; decided by the cause when not given
 */
export function connClosed (cause: unknown, remote: boolean = isRemote(cause)): ConnClosedError {
  if (cause instanceof ConnClosedError) return cause
  return new ConnClosedError({ remote, cause })
}

function isRemote (cause: unknown): boolean {
  return cause instanceof Error && REMOTE_CODES.has(String((cause as { code?: unknown }).code))
}
