import type { CoderType } from 'micro-packed'
import { DecodingError, EncodingError } from './errors.ts'

/**
 * How values become bytes, by the rules of Octez's `Data_encoding`: a coder of `micro-packed`, and where a value ends.
 *
 * The end is found without decoding, so that a value is waited for without work, and one that is too large is refused when
 * its length is read.
 *
 * @see reference/tezos-p2p.md 2.1
 */
export interface Encoding<T> {
  readonly coder: CoderType<T>
  /** `fixed`: always the same size. `dynamic`: tells its own size. `variable`: as large as what it is in, so never alone in a stream. */
  readonly kind: 'fixed' | 'dynamic' | 'variable'
  /**
   * Where the value that begins at `pos` ends. Past the end of `bytes`: the least that has to be there to say more.
   *
   * @throws {DecodingError} when no bytes that follow can make it valid
   */
  endOf (bytes: Uint8Array, pos: number): number
}

/** The value's bytes, in a buffer of their own. @throws {EncodingError} when it cannot be expressed */
export function encode<T> (encoding: Encoding<T>, value: NoInfer<T>): Uint8Array {
  try {
    return encoding.coder.encode(value)
  } catch (cause) {
    if (EncodingError.is(cause)) throw cause
    throw new EncodingError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

/** The value that `bytes` are, all of them. @throws {DecodingError} */
export function decode<T> (encoding: Encoding<T>, bytes: Uint8Array): T {
  const end = encoding.endOf(bytes, 0)
  if (end > bytes.length) throw new DecodingError('not-enough-data', `${bytes.length} bytes where at least ${end} were to come`)
  if (end < bytes.length) throw new DecodingError('extra-bytes', `${bytes.length - end} bytes after the end`)
  return decodeExact(encoding, bytes)
}

/** `decode` of bytes whose end is known from `endOf`. */
export function decodeExact<T> (encoding: Encoding<T>, bytes: Uint8Array): T {
  try {
    return encoding.coder.decode(bytes)
  } catch (cause) {
    if (DecodingError.is(cause)) throw cause
    throw new DecodingError('exception-raised-in-user-function', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}
