/** The bounds and times of a peerstore. All are whole numbers of 1 or more, or `Infinity`. */
export interface PeerstoreLimits {
  /** Peers of whom anything is known. */
  readonly maxPeers: number
  /** Addresses of a peer that has no connected and no permanent one. */
  readonly maxAddrsPerPeer: number
  /** Addresses of a peer that has a connected or a permanent one. */
  readonly maxConnectedAddrsPerPeer: number
  /** Addresses of all peers together that are neither connected nor permanent. */
  readonly maxUnconnectedAddrs: number
  readonly maxProtocolsPerPeer: number
  /** Metadata keys of a peer. */
  readonly maxMetadataPerPeer: number
  /** The largest metadata value: characters of a text, bytes of the serialized form of anything else. */
  readonly maxMetadataBytes: number
  /** The longest address, protocol or metadata key, in characters. */
  readonly maxTextLength: number
  /** How long keys, protocols, metadata and latency are kept after they were last written, when no address lives longer. */
  readonly factsTtlMs: number
  /** How often what is over is looked for, while there is anything that will be over. */
  readonly sweepIntervalMs: number
  /** Entries that one sweep visits; when more are due it goes on after `sweepPauseMs`. */
  readonly sweepBatch: number
  readonly sweepPauseMs: number
}

export const PEERSTORE_DEFAULTS: PeerstoreLimits = Object.freeze({
  maxPeers: 25_000,
  maxAddrsPerPeer: 64,
  maxConnectedAddrsPerPeer: 500,
  maxUnconnectedAddrs: 100_000,
  maxProtocolsPerPeer: 1_024,
  maxMetadataPerPeer: 64,
  maxMetadataBytes: 8_192,
  maxTextLength: 1_024,
  factsTtlMs: 3_600_000,
  sweepIntervalMs: 60_000,
  sweepBatch: 1_000,
  sweepPauseMs: 100
})

/** The weight of the newest value in the moving average of the latency; Go's. */
export const LATENCY_SMOOTHING = 0.1

/** Of a snapshot's faults; the others are counted only. */
export const MAX_REPORTED_FAULTS = 100
