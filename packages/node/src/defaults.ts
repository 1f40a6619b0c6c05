/** What `createNode` takes where its init says nothing. */
export const NODE_DEFAULTS: {
  /** All IPv4 interfaces, a free port: others can reach it, and two nodes on one machine never collide. */
  readonly listen: readonly string[]
  /** What identify tells about this program. */
  readonly userAgent: string
  /** The share of the inbound connections that is kept for trusted and protected peers. */
  readonly trustedInboundRatio: number
  /** How long after a change of addresses or protocols peers are told, so that several changes are told at once. */
  readonly pushDelayMs: number
  /** Answers of name servers that are kept: each may be large, and up to twice as many are held. */
  readonly dnsCacheSize: number
} = Object.freeze({
  listen: Object.freeze(['/ip4/0.0.0.0/tcp/0']),
  userAgent: 'weir',
  trustedInboundRatio: 0.05,
  pushDelayMs: 1_000,
  dnsCacheSize: 100
})

/** What lies in a data directory, and how it is made. */
export const DATA_DIR_DEFAULTS: {
  readonly keyFile: string
  readonly lockFile: string
  /** The Unix socket that a running node is asked on. */
  readonly controlFile: string
  /** Where bans and trust are kept. */
  readonly rulesDirectory: string
  /** File descriptors that this takes at most. */
  readonly rulesFds: number
  /** The shortest of what systems take, macOS's 104 with the zero at its end. */
  readonly controlPathMaxBytes: number
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
  controlFile: 'control.sock',
  rulesDirectory: 'rules',
  rulesFds: 16,
  controlPathMaxBytes: 103,
  directoryMode: 0o700,
  fileMode: 0o600,
  keyFileMaxBytes: 16_384,
  lockFileMaxBytes: 4_096,
  lockAttempts: 100,
  lockRetryMs: 20
})

/** What bounds the control socket. */
export const CONTROL_DEFAULTS: {
  readonly maxClients: number
  /** Of a request. */
  readonly maxLineBytes: number
  /** Of an answer, which lists at most what a node has open. */
  readonly maxAnswerBytes: number
  /** A client that says nothing for so long, or reads nothing, is cut off. */
  readonly idleMs: number
  /** How long a client waits for an answer. */
  readonly requestTimeoutMs: number
} = Object.freeze({
  maxClients: 16,
  maxLineBytes: 65_536,
  maxAnswerBytes: 268_435_456,
  idleMs: 60_000,
  requestTimeoutMs: 10_000
})
