/** What `createNode` takes where its init says nothing. */
export const NODE_DEFAULTS: {
  /** All IPv4 interfaces, a free port: others can reach it, and two nodes on one machine never collide. */
  readonly listen: readonly string[]
  /** What identify tells about this program. */
  readonly userAgent: string
  /** How long after a change of addresses or protocols peers are told, so that several changes are told at once. */
  readonly pushDelayMs: number
  /** Answers of name servers that are kept: each may be large, and up to twice as many are held. */
  readonly dnsCacheSize: number
} = Object.freeze({
  listen: Object.freeze(['/ip4/0.0.0.0/tcp/0']),
  userAgent: 'weir',
  pushDelayMs: 1_000,
  dnsCacheSize: 100
})

/** What lies in a data directory, and how it is made. */
export const DATA_DIR_DEFAULTS: {
  readonly keyFile: string
  readonly lockFile: string
  readonly directoryMode: number
  readonly fileMode: number
  /** An RSA key of 8,192 bits takes 4,700 bytes; anything above this is no key. */
  readonly keyFileMaxBytes: number
  readonly lockFileMaxBytes: number
  /** How often a lock is tried while others clear a stale one. */
  readonly lockAttempts: number
  /** How long between. */
  readonly lockRetryMs: number
} = Object.freeze({
  keyFile: 'identity.key',
  lockFile: 'lock',
  directoryMode: 0o700,
  fileMode: 0o600,
  keyFileMaxBytes: 16_384,
  lockFileMaxBytes: 4_096,
  lockAttempts: 100,
  lockRetryMs: 20
})
