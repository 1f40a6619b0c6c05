/** What bounds the server of the metrics. */
export const METRICS_SERVER_DEFAULTS: {
  /** This machine alone: whoever can read metrics learns much of a node. */
  readonly host: string
  readonly path: string
  /** Clients at the same time; more are cut off. */
  readonly maxConnections: number
  readonly maxHeaderBytes: number
  /** How long a request may take to arrive. */
  readonly requestTimeoutMs: number
  /** A client that says nothing for so long, or reads nothing, is cut off. */
  readonly idleMs: number
} = Object.freeze({
  host: '127.0.0.1',
  path: '/metrics',
  maxConnections: 16,
  maxHeaderBytes: 8_192,
  requestTimeoutMs: 5_000,
  idleMs: 10_000
})
