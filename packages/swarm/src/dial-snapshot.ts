import type { DialPriority } from '@weir/network'

/** One address of a dial. */
export interface DialAddrSnapshot {
  readonly addr: string
  /** `queued` for its turn among the peer's addresses, `waiting` for a free slot, or `dialling`. */
  readonly state: 'queued' | 'waiting' | 'dialling'
  /** Wall clock, since when it is in this state. */
  readonly sinceMs: number
}

/** The dial of one peer, as it is now. A plain, structured-cloneable snapshot. */
export interface DialSnapshot {
  readonly peer: string
  /** Wall clock, when the first of its callers asked. */
  readonly sinceMs: number
  readonly priority: DialPriority
  /** How many wait for it. */
  readonly callers: number
  /** Those that have not failed yet: empty while names are resolved. */
  readonly addrs: readonly DialAddrSnapshot[]
}
