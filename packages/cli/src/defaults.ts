/** What the command takes where its arguments say nothing. */
export const CLI_DEFAULTS: {
  /** In the home directory. */
  readonly dataDirName: string
  readonly pingCount: number
  /** From one ping to the next. */
  readonly pingIntervalMs: number
  /** How long one answer may take. */
  readonly pingTimeoutMs: number
  readonly uploadBytes: number
  readonly downloadBytes: number
  /** How long closing a node may take, and the process to end after that: less than 3 seconds together. */
  readonly closeTimeoutMs: number
  readonly exitTimeoutMs: number
  /** The same signal again within this time is the first one, passed on by somebody. */
  readonly signalEchoMs: number
} = Object.freeze({
  dataDirName: '.weir',
  pingCount: 5,
  pingIntervalMs: 1_000,
  pingTimeoutMs: 10_000,
  uploadBytes: 16_777_216,
  downloadBytes: 16_777_216,
  closeTimeoutMs: 2_500,
  exitTimeoutMs: 250,
  signalEchoMs: 250
})
