/** The marks, times and bounds of a connection manager. */
export interface ConnManagerLimits {
  /** A trim goes down to this many connections; 0 trims never. */
  readonly lowWater: number
  /** The manager trims by itself once there are this many; 0 never. */
  readonly highWater: number
  /** How long a peer is spared after it connected. */
  readonly gracePeriodMs: number
  /** The least time between a trim and the next that the manager begins by itself. Those asked for do not wait. */
  readonly silencePeriodMs: number
  /** The share of the high mark that is spared for being protected, 0..1; 1 is no bound. */
  readonly protectedRatio: number
  /** The share of the low mark that outbound peers keep, 0..1: a trim leaves at least so many of them. */
  readonly reservedOutboundRatio: number
  /** Inbound connections of peers that are neither trusted nor protected; the places above it are kept for others. */
  readonly maxUntrustedInbound: number
  /** Peers with tags and without a connection; the one that was tagged longest ago is forgotten when there are more. */
  readonly maxTempPeers: number
  /** How long the tags of a peer without a connection are kept after the last one was given. */
  readonly tempPeerTtlMs: number
  /** Tags of one peer, the decaying ones included, and protections of one peer; further ones are not taken. */
  readonly maxTagsPerPeer: number
  /** Peers with a protection, connected or not; further ones are not taken. */
  readonly maxProtectedPeers: number
  /** Decaying tags; a further one throws. */
  readonly maxDecayingTags: number
  /** How long a trim that was asked for waits for the wire of what it closed. */
  readonly closeTimeoutMs: number
}

/** As in Go where Go has them. @see reference/go-libp2p.md 3.1 */
export const CONN_MANAGER_DEFAULTS: ConnManagerLimits = Object.freeze({
  lowWater: 160,
  highWater: 192,
  gracePeriodMs: 60_000,
  silencePeriodMs: 10_000,
  protectedRatio: 1,
  reservedOutboundRatio: 0.1,
  maxUntrustedInbound: Infinity,
  maxTempPeers: 10_000,
  tempPeerTtlMs: 600_000,
  maxTagsPerPeer: 64,
  maxProtectedPeers: 10_000,
  maxDecayingTags: 256,
  closeTimeoutMs: 10_000
})

/** How decaying tags decay. */
export interface DecayLimits {
  /** How often it is looked at which tags are due. */
  readonly resolutionMs: number
  /** Values that are visited in one turn; the rest follows in the next ones. */
  readonly valuesPerTurn: number
}

export const DECAY_DEFAULTS: DecayLimits = Object.freeze({
  resolutionMs: 60_000,
  valuesPerTurn: 500
})

/** The largest tag, either way, so that sums stay exact. */
export const MAX_TAG_VALUE: number = 2 ** 40

/** Making room: what one refusal may cost, and how many may be under way. */
export const MAKE_ROOM_DEFAULTS: {
  /** Connections and groups that are looked at for one refusal. */
  readonly maxVisits: number
  /** Places made for newcomers who have not shown up yet; no further one is made meanwhile. */
  readonly maxExpected: number
  /** How long a newcomer is expected: the time that accepting one may take. */
  readonly expectedTtlMs: number
} = Object.freeze({
  maxVisits: 1_000,
  maxExpected: 64,
  expectedTtlMs: 15_000
})

/** Temporary entries whose time is over are looked for this often, and so many are forgotten in one turn. */
export const TEMP_SWEEP_DEFAULTS: {
  readonly intervalMs: number
  readonly peersPerTurn: number
} = Object.freeze({
  intervalMs: 1_000,
  peersPerTurn: 500
})
