/** The bounds and times of a basic gater. All are whole numbers of 1 or more. */
export interface BasicGaterLimits {
  readonly maxBlockedPeers: number
  readonly maxBlockedAddrs: number
  readonly maxBlockedSubnets: number
  /** Of the blocked peers, of the addresses and of the subnets: how many a policy may have put there. */
  readonly maxAutomatic: number
  /** Trusted peers, and addresses, and subnets. */
  readonly maxTrusted: number
  /** Banned peers of a gating configuration, and trusted ones. */
  readonly maxConfiguredPeers: number
  /** The longest text of a peer, in characters. */
  readonly maxPeerLength: number
  readonly maxReasonLength: number
  /** Writes that wait for the datastore, together. */
  readonly maxPendingWrites: number
  /** How long a caller waits for a write. */
  readonly writeTimeoutMs: number
  /** How often what is over is looked for, while there is anything that will be. */
  readonly sweepIntervalMs: number
  /** Entries that are looked at in one turn; the next comes after `sweepPauseMs`. */
  readonly sweepBatch: number
  readonly sweepPauseMs: number
}

export const BASIC_GATER_DEFAULTS: BasicGaterLimits = Object.freeze({
  maxBlockedPeers: 100_000,
  maxBlockedAddrs: 2_000_000,
  maxBlockedSubnets: 200_000,
  maxAutomatic: 7_000,
  maxTrusted: 7_000,
  maxConfiguredPeers: 7_000,
  maxPeerLength: 1_024,
  maxReasonLength: 256,
  maxPendingWrites: 10_000,
  writeTimeoutMs: 30_000,
  sweepIntervalMs: 60_000,
  sweepBatch: 1_000,
  sweepPauseMs: 10
})

/** Where entries stand in a datastore; go-libp2p's. */
export const NAMESPACE = '/libp2p/net/conngater'

/** Entries that are read from the datastore before others get a turn. */
export const LOAD_BATCH = 256

/** Of the entries that were set aside; the others are counted only. */
export const MAX_REPORTED_CORRUPT = 100

/** Rules that refusals are counted by; those of further rules are counted as `other`. */
export const MAX_COUNTED_RULES = 64

export interface GreylistLimits {
  readonly maxPeers: number
  readonly maxAddrs: number
  /** How long an entry lasts unless told. */
  readonly ttlMs: number
  /** How often what is over is looked for, while there is anything. */
  readonly sweepIntervalMs: number
}

/** The time is that of Octez, the sizes are not: there a filter holds more, inexactly. */
export const GREYLIST_DEFAULTS: GreylistLimits = Object.freeze({ maxPeers: 4_096, maxAddrs: 16_384, ttlMs: 86_400_000, sweepIntervalMs: 60_000 })

export interface PrivateNetLimits {
  /** Addresses that were learned from those who came from them. */
  readonly maxLearned: number
}

export const PRIVATE_NET_DEFAULTS: PrivateNetLimits = Object.freeze({ maxLearned: 1_024 })

export interface BanPolicyLimits {
  /** The first ban's. Each further one within `strikeWindowMs` lasts twice as long. */
  readonly firstBanMs: number
  readonly longestBanMs: number
  /** How long a ban counts for the length of the next one. */
  readonly strikeWindowMs: number
  /** Peers whose bans are remembered, and addresses. */
  readonly maxStruck: number
}

/** As in Mina's ban manager: a day, doubling to 30 days. */
export const BAN_POLICY_DEFAULTS: BanPolicyLimits = Object.freeze({ firstBanMs: 86_400_000, longestBanMs: 30 * 86_400_000, strikeWindowMs: 30 * 86_400_000, maxStruck: 7_000 })
