import type { Logger } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Network, Notifiee } from '@weir/network'
import type { SwarmConn } from './swarm-conn.ts'

/**
 * Tells notifiees, in the order in which they were added. What one throws is logged and keeps nothing from the others.
 *
 * `disconnected` of a connection waits until its `connected` has been told to all, also where a notifiee closes the very
 * connection it hears of.
 */
export class Notifier {
  readonly #network: Network
  readonly #log: Logger
  readonly #notifiees = new Set<Notifiee>()
  readonly #telling = new Set<SwarmConn>()
  readonly #parked = new Set<SwarmConn>()

  constructor (network: Network, log: Logger) {
    this.#network = network
    this.#log = log
  }

  add (notifiee: Notifiee): void {
    this.#notifiees.add(notifiee)
  }

  delete (notifiee: Notifiee): void {
    this.#notifiees.delete(notifiee)
  }

  listen (addr: Multiaddr): void {
    this.#tell(notifiee => { notifiee.listen(this.#network, addr) })
  }

  listenClose (addr: Multiaddr): void {
    this.#tell(notifiee => { notifiee.listenClose(this.#network, addr) })
  }

  connected (conn: SwarmConn): void {
    this.#telling.add(conn)
    this.#tell(notifiee => { notifiee.connected(this.#network, conn) })
    this.#telling.delete(conn)
    if (this.#parked.delete(conn)) this.disconnected(conn)
  }

  disconnected (conn: SwarmConn): void {
    if (this.#telling.has(conn)) {
      this.#parked.add(conn)
      return
    }
    this.#tell(notifiee => { notifiee.disconnected(this.#network, conn) })
  }

  #tell (call: (notifiee: Notifiee) => void): void {
    for (const notifiee of [...this.#notifiees]) {
      try {
        call(notifiee)
      } catch (error) {
        this.#log.error('a notifiee threw - %e', error)
      }
    }
  }
}
