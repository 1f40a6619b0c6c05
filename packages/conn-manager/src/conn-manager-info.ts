/** What a manager has and has done: a plain, structured-cloneable snapshot, in constant time. */
export interface ConnManagerInfo {
  readonly lowWater: number
  readonly highWater: number
  readonly gracePeriodMs: number
  readonly silencePeriodMs: number
  /** Wall clock of the last trim, the manager's own or one that was asked for; `undefined` when there was none. */
  readonly lastTrimMs: number | undefined
  readonly numConns: number
  readonly numPeers: number
  /** Inbound connections of peers that were neither trusted nor protected when they connected. */
  readonly numUntrustedInbound: number
  readonly maxUntrustedInbound: number
  /** Peers with tags and without a connection. */
  readonly numTempPeers: number
  /** Peers with a protection, connected or not. */
  readonly numProtectedPeers: number
  /** Connected peers that are spared for it, and those for whom there is no room in `protectedRatio`. */
  readonly numProtectedInForce: number
  readonly numProtectedWaiting: number
  readonly numDecayingTags: number
  // Since the start:
  readonly numTrims: number
  readonly numTrimmedConns: number
  /** Newcomers for whom a connection was ended, and those for whom there was none to end. */
  readonly numRoomsMade: number
  readonly numRoomsRefused: number
  /** Temporary entries, tags and protections that there was no room for. */
  readonly numEvictedTempPeers: number
  readonly numIgnoredTags: number
  readonly numIgnoredProtections: number
}
