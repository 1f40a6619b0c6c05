/**
 * What a scope has in use. A plain, structured-cloneable snapshot.
 *
 * @see seed 004, "ScopeStat"
 */
export interface ScopeStat {
  readonly numStreamsInbound: number
  readonly numStreamsOutbound: number
  readonly numConnsInbound: number
  readonly numConnsOutbound: number
  /** File descriptors. */
  readonly numFD: number
  readonly memoryBytes: number
}

/** Nothing in use. */
export const ZERO_SCOPE_STAT: ScopeStat = Object.freeze({
  numStreamsInbound: 0,
  numStreamsOutbound: 0,
  numConnsInbound: 0,
  numConnsOutbound: 0,
  numFD: 0,
  memoryBytes: 0
})
