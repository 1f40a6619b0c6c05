/** A piece of a snapshot that could not be restored. */
export interface SnapshotFault {
  /** Where it stands, such as `peers[3].addrs[0]`. */
  readonly path: string
  /** The piece, as it was found. */
  readonly value: unknown
  readonly cause: unknown
}

/** What was wrong with a snapshot. All the rest of it was restored. */
export interface RestoreReport {
  readonly numFaults: number
  /** The first hundred. */
  readonly faults: readonly SnapshotFault[]
}
