import { ADDRESS_TTL_MS } from '@weir/network'

/**
 * Checks a time to live.
 *
 * @returns it, with everything longer than `permanent` made `permanent`
 * @throws {RangeError} when it is no number
 */
export function checkTtl (ttlMs: number): number {
  if (typeof ttlMs !== 'number' || Number.isNaN(ttlMs)) throw new RangeError(`a time to live must be a number of milliseconds, got ${ttlMs}`)
  return Math.min(ttlMs, ADDRESS_TTL_MS.permanent)
}

/** Whether something with this time to live, or ending at this time, is kept until it is given another one. */
export function isPinned (ms: number): boolean {
  return ms >= ADDRESS_TTL_MS.connected
}

/**
 * When a time to live that begins now is over: at once when it is 0 or less. `connected` and `permanent` are ends themselves: later than every other, and
 * `permanent` later than `connected`.
 */
export function endOfTtl (nowMs: number, ttlMs: number): number {
  return isPinned(ttlMs) ? ttlMs : unpinnedEnd(nowMs, ttlMs)
}

/** When a time to live is over that pins nothing, however long it is. */
export function unpinnedEnd (nowMs: number, ttlMs: number): number {
  return Math.min(nowMs + ttlMs, ADDRESS_TTL_MS.connected - 1)
}
