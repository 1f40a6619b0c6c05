/**
 * How much of each resource a scope may have in use. `Infinity` is unlimited, 0 blocks.
 *
 * Read at every check, so an object with getters is a dynamic policy.
 *
 * @see reference/go-libp2p.md 2.6
 */
export interface Limit {
  readonly memoryBytes: number
  /** Both directions together. */
  readonly streams: number
  readonly streamsInbound: number
  readonly streamsOutbound: number
  /** Both directions together. */
  readonly conns: number
  readonly connsInbound: number
  readonly connsOutbound: number
  /** File descriptors. */
  readonly fd: number
}
