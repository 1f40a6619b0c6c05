import type { PeerRef, SecureConn } from '@weir/network'
import type { IoStat } from './io-stat.ts'

/**
 * A byte connection whose reads and writes wait for their quota.
 *
 * It owns the connection below it, which nobody else may use any more. `drained` resolves when the connection below has
 * taken all that was written and is drained itself.
 */
export interface ScheduledConn extends SecureConn {
  /** Unique in its scheduler; for people and logs. */
  readonly id: number
  /** Whom it is with, once that was said. */
  readonly peer: PeerRef | undefined
  /** Says whom it is with, for snapshots. */
  setPeer (peer: PeerRef): void
  /** What went through it: a value. */
  stat (): IoStat
}
