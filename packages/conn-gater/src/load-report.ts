/** What came of reading the datastore. */
export interface LoadReport {
  /** Entries that are in force. */
  readonly numLoaded: number
  /** Entries whose time was over; they were deleted. */
  readonly numOver: number
  /** Entries that could not be read; they were set aside under `/corrupt` in the gater's namespace. */
  readonly numCorrupt: number
  /** The first hundred of those. */
  readonly corrupt: readonly CorruptEntry[]
}

export interface CorruptEntry {
  /** Where it stood. */
  readonly path: string
  readonly why: string
}
