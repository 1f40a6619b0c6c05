import { MESSAGE_BYTES_MAX, MESSAGE_BYTES_MIN, MULTISTREAM_DEFAULTS } from './defaults.ts'

/** The options of both sides. */
export interface NegotiationOptions {
  /** Passed to each read and write. Without one, and without a deadline on the stream, a silent remote is waited for for ever. */
  readonly signal?: AbortSignal | undefined
  /** 19..16,383; 1,024 when not given. */
  readonly maxMessageBytes?: number | undefined
}

export interface HandleOptions extends NegotiationOptions {
  /** 1 or more; 16 when not given. */
  readonly maxProposals?: number | undefined
}

export interface ResolvedNegotiationOptions {
  readonly io: { readonly signal?: AbortSignal | undefined }
  readonly maxMessageBytes: number
  readonly maxProposals: number
}

const NO_OPTIONS: ResolvedNegotiationOptions = Object.freeze({ io: Object.freeze({}), ...MULTISTREAM_DEFAULTS })

/**
 * Fills in the defaults.
 *
 * @throws {TypeError} at a key that is not known
 * @throws {RangeError} at a number out of range
 */
export function resolveNegotiationOptions (options: HandleOptions | undefined, keys: readonly string[]): ResolvedNegotiationOptions {
  if (options === undefined) return NO_OPTIONS
  for (const key of Object.keys(options)) {
    if (!keys.includes(key)) throw new TypeError(`unknown option ${key}: known are ${keys.join(', ')}`)
  }
  const { signal, maxMessageBytes = MULTISTREAM_DEFAULTS.maxMessageBytes, maxProposals = MULTISTREAM_DEFAULTS.maxProposals } = options
  if (!Number.isInteger(maxMessageBytes) || maxMessageBytes < MESSAGE_BYTES_MIN || maxMessageBytes > MESSAGE_BYTES_MAX) {
    throw new RangeError(`maxMessageBytes must be a whole number from ${MESSAGE_BYTES_MIN} to ${MESSAGE_BYTES_MAX}, got ${maxMessageBytes}`)
  }
  if (!Number.isSafeInteger(maxProposals) || maxProposals < 1) {
    throw new RangeError(`maxProposals must be a whole number of 1 or more, got ${maxProposals}`)
  }
  return { io: { signal }, maxMessageBytes, maxProposals }
}
