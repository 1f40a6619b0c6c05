import type { Logger } from '@libp2p/interface'
import { Connectedness, type PeerRef } from '@weir/network'

/** A peer can be talked to, or no longer, or only in a limited way. */
export interface PeerConnectednessChanged {
  readonly peer: PeerRef
  readonly connectedness: Connectedness
}

export type ConnectednessListener = (event: PeerConnectednessChanged) => void

/**
 * Tells listeners when the connectedness of a peer has changed: by its state as it is now, not by connection, and only when it
 * differs from what was told last.
 *
 * Each event reaches all listeners before the next one does, also where a listener brings about the next one. What a listener
 * throws is logged and keeps nothing from the others.
 *
 * @see reference/go-libp2p.md 5.9
 */
export class ConnectednessEmitter {
  readonly #log: Logger
  readonly #connectednessOf: (peer: PeerRef) => Connectedness
  readonly #listeners = new Set<ConnectednessListener>()
  // Of those that are connected alone: it is as large as the table of connections.
  readonly #told = new Map<string, Connectedness>()
  readonly #queue: PeerConnectednessChanged[] = []
  #telling = false

  constructor (log: Logger, connectednessOf: (peer: PeerRef) => Connectedness) {
    this.#log = log
    this.#connectednessOf = connectednessOf
  }

  add (listener: ConnectednessListener): Disposable {
    const own: ConnectednessListener = event => { listener(event) } // one that is added twice hears twice
    this.#listeners.add(own)
    return { [Symbol.dispose]: () => { this.#listeners.delete(own) } }
  }

  /** A connection of the peer has come: told even when it has gone again, so that whoever heard of it elsewhere hears the end. */
  added (peer: PeerRef): void {
    const connectedness = this.#connectednessOf(peer)
    if (!this.#changed(peer, connectedness) && connectedness === Connectedness.notConnected) this.#emit({ peer, connectedness })
  }

  /** A connection of the peer has gone. */
  removed (peer: PeerRef): void {
    this.#changed(peer, this.#connectednessOf(peer))
  }

  #changed (peer: PeerRef, connectedness: Connectedness): boolean {
    const key = peer.toString()
    if (connectedness === (this.#told.get(key) ?? Connectedness.notConnected)) return false
    if (connectedness === Connectedness.notConnected) this.#told.delete(key)
    else this.#told.set(key, connectedness)
    this.#emit({ peer, connectedness })
    return true
  }

  #emit (event: PeerConnectednessChanged): void {
    this.#queue.push(event)
    if (this.#telling) return
    this.#telling = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      for (const listener of [...this.#listeners]) {
        try {
          listener(next)
        } catch (error) {
          this.#log.error('a listener of connectedness threw - %e', error)
        }
      }
    }
    this.#telling = false
  }
}
