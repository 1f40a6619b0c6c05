/** What an I/O scheduler does unless told otherwise. */
export interface IoSchedulerDefaults {
  /** Of all connections together; `Infinity` is no limit. */
  readonly maxDownloadBytesPerSecond: number
  readonly maxUploadBytesPerSecond: number
  /** What a connection may hold back for want of quota before `write` says to wait, by `WRITE_COST_BYTES`. */
  readonly writeQueueBytes: number
  /** How long `close` lets connections send what they hold back. Octez's 3 s. */
  readonly closeTimeoutMs: number
}

export const IO_SCHEDULER_DEFAULTS: IoSchedulerDefaults = Object.freeze({
  maxDownloadBytesPerSecond: Infinity,
  maxUploadBytesPerSecond: Infinity,
  writeQueueBytes: 8_388_608,
  closeTimeoutMs: 3_000
})

/** How often averages are taken and quotas given out. @see reference/tezos-p2p.md 4.1 */
export const TICK_MS = 1_000

/** After a stall of the process quotas are given for this long at most: more would be a burst. */
export const MAX_TICK_MS = 2_000

/** What a queued piece costs beyond its bytes. @see reference/tezos-p2p.md 4.1, "Queue cost accounting" */
export const WRITE_COST_BYTES = 80

/** The largest piece that is admitted at once: longer writes are cut, so that one of them cannot take a whole second's quota of all. */
export const MAX_PIECE_BYTES = 65_536

/** How much of a socket is read ahead before it is paused. */
export const READ_AHEAD_BYTES = 65_536

/** How long a closed socket may take to send what was written and to hear the other side's end. */
export const SOCKET_CLOSE_TIMEOUT_MS = 2_000
