import { InvalidParametersError, LimitedConnectionError, UnsupportedProtocolError } from '@libp2p/interface'
import { ProtocolNotSupportedError } from '@weir/multistream'
import { LimitedConnError } from '@weir/network'
import { MissingPeerIdError } from './errors.ts'

/** js services tell errors by js-libp2p's names: ours becomes the cause of theirs where they look. Others pass as they are. */
export function toJsError (error: unknown): unknown {
  if (ProtocolNotSupportedError.is(error)) return Object.assign(new UnsupportedProtocolError(error.message), { cause: error })
  if (LimitedConnError.is(error)) return Object.assign(new LimitedConnectionError(error.message), { cause: error })
  if (MissingPeerIdError.is(error)) return Object.assign(new InvalidParametersError(error.message), { cause: error })
  return error
}
