/** The numbers of a swarm. @see reference/go-libp2p.md 5.1 and 5.6 */
export const SWARM_DEFAULTS: {
  /** One address, from the socket to the connection. */
  readonly dialTimeoutMs: number
  /** The same for an address in a private network, where it is the smaller one. */
  readonly dialTimeoutLocalMs: number
  /** All names in the addresses of a peer; those that are not resolved by then are left out. */
  readonly resolveTimeoutMs: number
  /** An inbound connection, from accept to ready. */
  readonly acceptTimeoutMs: number
  /** Opening a stream without a signal, with the dial and the wait for a direct connection. */
  readonly newStreamTimeoutMs: number
  /** What a graceful end may take before it becomes an abrupt one. */
  readonly closeTimeoutMs: number
  /** Peers that are dialled at the same time, waiting or not. */
  readonly maxDials: number
  /** Sockets that are dialled at the same time. */
  readonly maxFdDials: number
  /** How many of a peer's addresses are tried at the same time. */
  readonly maxDialsPerPeer: number
  /** How many of a peer's addresses are tried at all, and how many its names may resolve to. */
  readonly maxAddrsPerDial: number
  /** How often one `/dnsaddr` may lead to another. */
  readonly maxDnsaddrRecursion: number
} = Object.freeze({
  dialTimeoutMs: 15_000,
  dialTimeoutLocalMs: 5_000,
  resolveTimeoutMs: 5_000,
  acceptTimeoutMs: 15_000,
  newStreamTimeoutMs: 15_000,
  closeTimeoutMs: 2_000,
  maxDials: 500,
  maxFdDials: 160,
  maxDialsPerPeer: 8,
  maxAddrsPerDial: 100,
  maxDnsaddrRecursion: 4
})

/** Failures that a `DialError` lists; the rest is counted. */
export const MAX_DIAL_FAILURES = 16

/** Addresses that one dial follows before it forgets those that failed. */
export const MAX_TRACKED_ADDRS = 1_000

/** Names of a peer's addresses that are resolved at the same time. */
export const MAX_PARALLEL_RESOLUTIONS = 8

/** The longest piece of a name server's answer that is looked at, in characters. */
export const MAX_DNS_ANSWER_LENGTH = 1_024

/** Questions that one `/dnsaddr` may lead to. */
export const MAX_DNSADDR_QUESTIONS = 100

/** When each address of a peer is tried, counted from the start of its group. @see reference/go-libp2p.md 5.3 */
export const DIAL_RANKER_DEFAULTS: {
  readonly publicStepMs: number
  readonly privateStepMs: number
  readonly publicOtherMs: number
  readonly privateOtherMs: number
  readonly relayOffsetMs: number
} = Object.freeze({
  publicStepMs: 250,
  privateStepMs: 30,
  publicOtherMs: 1_000,
  privateOtherMs: 100,
  relayOffsetMs: 500
})

/** How long an address that failed is left alone. @see reference/go-libp2p.md 5.4 */
export const DIAL_BACKOFF_DEFAULTS: {
  /** After the first failure. */
  readonly baseMs: number
  /** Times the square of the failures before, on top. */
  readonly coefMs: number
  readonly maxMs: number
  readonly sweepIntervalMs: number
  /** Addresses that are remembered; more push out those of the peer that failed longest ago. */
  readonly maxAddrs: number
} = Object.freeze({
  baseMs: 5_000,
  coefMs: 1_000,
  maxMs: 300_000,
  sweepIntervalMs: 300_000,
  maxAddrs: 10_000
})

/** When a kind of address is held to lead nowhere. @see reference/go-libp2p.md 5.4 */
export const BLACK_HOLE_DEFAULTS: {
  /** The dials that are looked at: the last so many. */
  readonly window: number
  /** How many of them have to succeed. */
  readonly minSuccesses: number
} = Object.freeze({ window: 100, minSuccesses: 5 })
