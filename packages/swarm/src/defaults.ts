/** The numbers of a swarm. @see reference/go-libp2p.md 5.1 and 5.6 */
export const SWARM_DEFAULTS: {
  /** One address, from the socket to the connection. */
  readonly dialTimeoutMs: number
  /** The same for an address in a private network. */
  readonly dialTimeoutLocalMs: number
  /** An inbound connection, from accept to ready. */
  readonly acceptTimeoutMs: number
  /** What a graceful end may take before it becomes an abrupt one. */
  readonly closeTimeoutMs: number
  /** How many of a peer's addresses are tried at the same time. */
  readonly maxDialsPerPeer: number
  /** How many of a peer's addresses are tried at all. */
  readonly maxAddrsPerDial: number
} = Object.freeze({
  dialTimeoutMs: 15_000,
  dialTimeoutLocalMs: 5_000,
  acceptTimeoutMs: 15_000,
  closeTimeoutMs: 2_000,
  maxDialsPerPeer: 8,
  maxAddrsPerDial: 100
})

/** Failures that a `DialError` lists; the rest is counted. */
export const MAX_DIAL_FAILURES = 16

/** How long after the last a peer's next address is tried. @see reference/go-libp2p.md 5.3 */
export const DIAL_RANKER_DEFAULTS: { readonly publicStepMs: number, readonly privateStepMs: number } = Object.freeze({
  publicStepMs: 250,
  privateStepMs: 30
})
