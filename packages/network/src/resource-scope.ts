import type { ScopeStat } from './scope-stat.ts'

/**
 * Something that resources are charged to: the user's view, which cannot end it.
 *
 * Charging is synchronous and all or nothing: when it throws, nothing was charged, here or in any scope above.
 *
 * @see seed 004, "ResourceScope"
 */
export interface ResourceScope {
  /**
   * Charges memory to this scope and to all above it.
   *
   * @param bytes - whole bytes, 0 or more
   * @param priority - 0..255, see `ReservationPriority`
   * @throws {ResourceLimitExceededError} when a limit would be passed
   * @throws {ResourceScopeClosedError} when the scope has ended
   * @throws {RangeError} when `bytes` or `priority` is no such number; nothing is charged
   */
  reserveMemory (bytes: number, priority: number): void

  /**
   * Gives back memory charged with `reserveMemory`. On an ended scope it does nothing: the end gave it all back.
   *
   * @throws {RangeError} when `bytes` is negative or no whole number
   */
  releaseMemory (bytes: number): void

  /** What is in use now; all zeros once the scope has ended. */
  stat (): ScopeStat

  /**
   * Opens a span: a scope below this one that gives back everything when it ends. The caller owns it.
   *
   * @throws {ResourceScopeClosedError} when the scope has ended
   */
  beginSpan (): ResourceScopeSpan
}

/**
 * A scope with an end: the owner's view. `using span = scope.beginSpan()` ends it with the block.
 *
 * @see seed 004, "ResourceScopeSpan"
 */
export interface ResourceScopeSpan extends ResourceScope, Disposable {
  /** Ends the scope and gives back what it holds. Ending twice is harmless. */
  done (): void
}
