import type { Clock } from '@weir/network'
import type { BasicGaterLimits } from './defaults.ts'
import type { Entry, EntryKind } from './entry.ts'

/** How an entry is waited for. */
export interface WriteOptions {
  /** Ends the wait. A change that has begun may still be made. */
  readonly signal?: AbortSignal | undefined
}

/** Why something is put on a list, and for how long. */
export interface TrustOptions extends WriteOptions {
  /** For people; it stands in the refusal. */
  readonly reason?: string | undefined
  /** Wall clock. @defaultValue no end */
  readonly untilMs?: number | undefined
  /** The same, from now on. */
  readonly ttlMs?: number | undefined
}

export interface BlockOptions extends TrustOptions {
  /** @defaultValue `manual` */
  readonly kind?: EntryKind | undefined
}

const KEYS = ['reason', 'untilMs', 'ttlMs', 'kind', 'signal']

/**
 * The entry that the options ask for.
 *
 * @throws {TypeError} at a key that is not known, or both ends
 * @throws {RangeError} at an end that is not to come, or a reason that is too long
 */
export function entryOf (options: BlockOptions, clock: Clock, { maxReasonLength }: Pick<BasicGaterLimits, 'maxReasonLength'>): Entry {
  for (const key of Object.keys(options)) if (!KEYS.includes(key)) throw new TypeError(`unknown option ${key}`)
  const { reason = '', kind = 'manual', ttlMs } = options
  if (kind !== 'manual' && kind !== 'automatic') throw new TypeError(`kind is manual or automatic, got ${String(kind)}`)
  if (typeof reason !== 'string') throw new TypeError('a reason is a text')
  if (reason.length > maxReasonLength) throw new RangeError(`a reason has ${maxReasonLength} characters at most, got ${reason.length}`)
  if (ttlMs !== undefined && options.untilMs !== undefined) throw new TypeError('either untilMs or ttlMs')
  const nowMs = clock.wallMs()
  const untilMs = ttlMs === undefined ? options.untilMs ?? Infinity : nowMs + ttlMs
  if (!(untilMs > nowMs)) throw new RangeError(`an end is to come, got ${untilMs} at ${nowMs}`) // NaN too
  return { kind, reason, untilMs }
}
