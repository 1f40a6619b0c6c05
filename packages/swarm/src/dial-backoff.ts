import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock, PeerRef } from '@weir/network'
import { DIAL_BACKOFF_DEFAULTS } from './defaults.ts'

interface Failed {
  tries: number
  untilMs: number
}

/**
 * Which addresses of which peers failed lately, and until when they are left alone.
 *
 * Bounded: when it is full it forgets the peer that failed longest ago. Swept while it remembers anything.
 *
 * @see reference/go-libp2p.md 5.4
 */
export class DialBackoff implements Disposable {
  readonly #clock: Clock
  readonly #maxAddrs: number
  // By peer, the one that failed last at the end.
  readonly #peers = new Map<string, Map<string, Failed>>()
  #size = 0
  #sweep: Disposable | undefined

  constructor (clock: Clock, maxAddrs: number = DIAL_BACKOFF_DEFAULTS.maxAddrs) {
    this.#clock = clock
    this.#maxAddrs = maxAddrs
  }

  /** Addresses that are remembered, those that may be tried again included. */
  get size (): number {
    return this.#size
  }

  /** How long the address is still left alone; 0 when it may be tried. */
  waitMs (peer: PeerRef, addr: Multiaddr): number {
    const failed = this.#peers.get(peer.toString())?.get(addr.toString())
    return failed === undefined ? 0 : Math.max(0, failed.untilMs - this.#clock.monotonicMs())
  }

  add (peer: PeerRef, addr: Multiaddr): void {
    const [key, text] = [peer.toString(), addr.toString()]
    const addrs = this.#peers.get(key) ?? new Map<string, Failed>()
    const tries = addrs.get(text)?.tries ?? 0
    if (tries === 0) this.#size++
    addrs.set(text, { tries: tries + 1, untilMs: this.#clock.monotonicMs() + backoffMs(tries) })
    this.#peers.delete(key)
    this.#peers.set(key, addrs)
    while (this.#size > this.#maxAddrs) this.#forgetOne()
    this.#sweep ??= this.#nextSweep()
  }

  /** Forgets all of the peer: there is a connection. */
  clear (peer: PeerRef): void {
    this.#delete(peer.toString())
    if (this.#size === 0) this[Symbol.dispose]()
  }

  [Symbol.dispose] (): void {
    this.#sweep?.[Symbol.dispose]()
    this.#sweep = undefined
  }

  #delete (key: string): void {
    this.#size -= this.#peers.get(key)?.size ?? 0
    this.#peers.delete(key)
  }

  // A peer alone that is larger than the whole loses its oldest addresses.
  #forgetOne (): void {
    const [key, addrs] = this.#peers.entries().next().value ?? []
    const [oldest] = addrs?.keys() ?? []
    if (key === undefined || addrs === undefined || oldest === undefined) return
    if (this.#peers.size > 1) {
      this.#delete(key)
    } else {
      addrs.delete(oldest)
      this.#size--
    }
  }

  #nextSweep (): Disposable {
    return this.#clock.setTimeout(() => {
      const nowMs = this.#clock.monotonicMs()
      // What was over lately still counts: the next failure is not the first.
      for (const [key, addrs] of this.#peers) {
        if ([...addrs.values()].every(({ tries, untilMs }) => untilMs + backoffMs(tries) <= nowMs)) this.#delete(key)
      }
      this.#sweep = this.#size === 0 ? undefined : this.#nextSweep()
    }, DIAL_BACKOFF_DEFAULTS.sweepIntervalMs)
  }
}

/** @param tries - failures before this one */
function backoffMs (tries: number): number {
  const { baseMs, coefMs, maxMs } = DIAL_BACKOFF_DEFAULTS
  return Math.min(baseMs + coefMs * tries ** 2, maxMs)
}
