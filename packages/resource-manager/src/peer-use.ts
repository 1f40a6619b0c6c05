import type { ScopeStat } from '@weir/network'
import { PEER_COUNT_BOUNDS, PEER_MEMORY_BOUNDS_BYTES } from './defaults.ts'
import { Spread, type SpreadSnapshot } from './spread.ts'

/** How what peers have in use is spread over them. */
export interface PeerUseSnapshot {
  readonly connsInbound: SpreadSnapshot
  readonly connsOutbound: SpreadSnapshot
  readonly streamsInbound: SpreadSnapshot
  readonly streamsOutbound: SpreadSnapshot
  readonly memoryBytes: SpreadSnapshot
}

const NONE: ScopeStat = Object.freeze({ numStreamsInbound: 0, numStreamsOutbound: 0, numConnsInbound: 0, numConnsOutbound: 0, numFD: 0, memoryBytes: 0 })

/**
 * Follows how use is spread over peers. A count that changes is only noted, once: what it means is worked out when somebody asks, so that
 * reservations stay cheap, and a snapshot costs as much as there are peers that did something since the last one.
 */
export class PeerUse {
  readonly #connsInbound = new Spread(PEER_COUNT_BOUNDS)
  readonly #connsOutbound = new Spread(PEER_COUNT_BOUNDS)
  readonly #streamsInbound = new Spread(PEER_COUNT_BOUNDS)
  readonly #streamsOutbound = new Spread(PEER_COUNT_BOUNDS)
  readonly #memoryBytes = new Spread(PEER_MEMORY_BOUNDS_BYTES)
  /** Those who changed since the last snapshot. */
  readonly changed: FollowedUse[] = []

  /** One peer's use is no longer what it was. */
  move (before: ScopeStat, after: ScopeStat): void {
    this.#connsInbound.move(before.numConnsInbound, after.numConnsInbound)
    this.#connsOutbound.move(before.numConnsOutbound, after.numConnsOutbound)
    this.#streamsInbound.move(before.numStreamsInbound, after.numStreamsInbound)
    this.#streamsOutbound.move(before.numStreamsOutbound, after.numStreamsOutbound)
    this.#memoryBytes.move(before.memoryBytes, after.memoryBytes)
  }

  snapshot (): PeerUseSnapshot {
    for (let last = this.changed.at(-1); last !== undefined; last = this.changed.at(-1)) last.settle()
    return {
      connsInbound: this.#connsInbound.snapshot(),
      connsOutbound: this.#connsOutbound.snapshot(),
      streamsInbound: this.#streamsInbound.snapshot(),
      streamsOutbound: this.#streamsOutbound.snapshot(),
      memoryBytes: this.#memoryBytes.snapshot()
    }
  }
}

/** The use of one peer. */
export class FollowedUse {
  readonly #use: PeerUse
  readonly #counter: { stat (): ScopeStat }
  #known: ScopeStat = NONE
  // Where it stands in the list of those that have changed; -1 when it does not.
  #index = -1

  constructor (use: PeerUse, counter: { stat (): ScopeStat }) {
    this.#use = use
    this.#counter = counter
  }

  /** On the way of every reservation. */
  changed (): void {
    if (this.#index === -1) this.#index = this.#use.changed.push(this) - 1
  }

  /** What has changed is worked out, and it leaves the list: now, or when the peer is forgotten. */
  settle (): void {
    if (this.#index === -1) return
    const { changed } = this.#use
    const last = changed.pop()
    if (last !== undefined && last !== this) {
      changed[this.#index] = last
      last.#index = this.#index
    }
    this.#index = -1
    const now = this.#counter.stat()
    this.#use.move(this.#known, now)
    this.#known = now
  }
}
