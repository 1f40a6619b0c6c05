import { Connectedness, type PeerRef } from '@weir/network'
import type { SwarmConn } from './swarm-conn.ts'

/** The connections of a swarm, by peer. */
export class ConnTable {
  readonly #byPeer = new Map<string, SwarmConn[]>()

  add (conn: SwarmConn): void {
    const key = conn.remotePeer.toString()
    const conns = this.#byPeer.get(key)
    if (conns === undefined) this.#byPeer.set(key, [conn])
    else conns.push(conn)
  }

  /** @returns whether it was there */
  delete (conn: SwarmConn): boolean {
    const key = conn.remotePeer.toString()
    const conns = this.#byPeer.get(key)
    const index = conns?.indexOf(conn) ?? -1
    if (conns === undefined || index === -1) return false
    conns.splice(index, 1)
    if (conns.length === 0) this.#byPeer.delete(key)
    return true
  }

  all (): SwarmConn[] {
    return [...this.#byPeer.values()].flat()
  }

  /** Oldest first: a copy. */
  of (peer: PeerRef): SwarmConn[] {
    return [...this.#byPeer.get(peer.toString()) ?? []]
  }

  peers (): PeerRef[] {
    return [...this.#byPeer.values()].flatMap(([first]) => first === undefined ? [] : [first.remotePeer])
  }

  connectedness (peer: PeerRef): Connectedness {
    const conns = this.of(peer).filter(conn => !conn.isClosed())
    if (conns.length === 0) return Connectedness.notConnected
    return conns.every(conn => conn.limited) ? Connectedness.limited : Connectedness.connected
  }

  /**
   * The connection to open streams on: unlimited before limited, direct before relayed, then the one with the most streams,
   * then the newest.
   *
   * @see reference/go-libp2p.md 5.8
   */
  best (peer: PeerRef): SwarmConn | undefined {
    let best: SwarmConn | undefined
    for (const conn of this.#byPeer.get(peer.toString()) ?? []) {
      if (!conn.isClosed() && (best === undefined || isNoWorse(conn, best))) best = conn
    }
    return best
  }
}

function isNoWorse (conn: SwarmConn, than: SwarmConn): boolean {
  if (conn.limited !== than.limited) return than.limited
  if (conn.isRelayed !== than.isRelayed) return than.isRelayed
  return conn.numStreams >= than.numStreams
}
