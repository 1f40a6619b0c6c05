import { type Conn, type Network, noopNotifiee } from '@weir/network'
import type { Report } from './report.ts'

/**
 * Tells of every connection that opens and ends, those included that are open already. Whoever calls it disposes the
 * result to stop.
 */
export function logConnections (network: Network, report: Report): Disposable {
  const connected = (conn: Conn): void => {
    const { peer, address, direction } = facts(conn)
    report.tell('connected', { peer, address, direction, conn: conn.id }, `connected: ${peer} at ${address} (${direction})`)
  }
  const disconnected = (conn: Conn): void => {
    const { peer, address, direction } = facts(conn)
    const { readBytes, writtenBytes } = conn.stat()
    report.tell('disconnected', { peer, address, direction, conn: conn.id, readBytes, writtenBytes }, `disconnected: ${peer} at ${address} (${direction})`)
  }
  const notifiee = { ...noopNotifiee, connected: (_: Network, conn: Conn) => { connected(conn) }, disconnected: (_: Network, conn: Conn) => { disconnected(conn) } }
  for (const conn of network.conns()) connected(conn) // nothing can come in between: this turn is ours
  network.notify(notifiee)
  return { [Symbol.dispose]: () => { network.stopNotify(notifiee) } }
}

function facts (conn: Conn): { peer: string, address: string, direction: string } {
  return { peer: conn.remotePeer.toString(), address: conn.remoteMultiaddr.toString(), direction: conn.stat().direction }
}
