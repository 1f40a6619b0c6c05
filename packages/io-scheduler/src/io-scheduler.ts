import type { SecureConn } from '@weir/network'
import type { IoStat } from './io-stat.ts'
import type { ScheduledConn } from './scheduled-conn.ts'

/** The bandwidth of one connection. */
export interface ConnBandwidth extends IoStat {
  readonly id: number
  /** The text of its peer's id, once it is known. */
  readonly peer: string | undefined
}

/** The bandwidth of everything: plain data. */
export interface IoSnapshot {
  readonly total: IoStat
  readonly conns: readonly ConnBandwidth[]
}

/**
 * Shares bandwidth out over connections, whatever runs on them.
 *
 * @see reference/tezos-p2p.md 4.1, "P2p_io_scheduler"
 */
export interface IoScheduler extends AsyncDisposable {
  /**
   * Takes a connection over. Its end, however it comes, takes it out again.
   *
   * @throws {IoSchedulerClosedError} after `close`; the connection is aborted
   */
  register (conn: SecureConn): ScheduledConn
  /** Of all connections, those that are gone included. */
  stat (): IoStat
  snapshot (): IoSnapshot
  /** Ends all connections: lets them send what waits for quota, then aborts them. Closing twice is harmless. */
  close (): Promise<void>
}
