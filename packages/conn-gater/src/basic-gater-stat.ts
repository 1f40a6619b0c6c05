/** How full a basic gater is, and whom it denied, as plain data. What is over counts until the sweep has met it. */
export interface BasicGaterStat {
  readonly blocked: RuleBookStat
  readonly trusted: RuleBookStat
  /** How often each rule denied. */
  readonly refusals: Readonly<Record<string, number>>
  /** Changes that wait for the datastore. */
  readonly pendingWrites: number
  /** How often the datastore would not delete what is over; the next sweep tries again. */
  readonly failedCollections: number
}

export interface RuleBookStat {
  readonly peers: number
  readonly addrs: number
  readonly subnets: number
  /** How many of them a policy put there. */
  readonly automatic: number
}
