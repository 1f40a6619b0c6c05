import { type Conn, type Network, noopNotifiee } from '@weir/network'
import { oneLine } from './one-line.ts'
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
    const { readBytes, writtenBytes, extra } = conn.stat()
    const reason = String(extra.get('closeReason') ?? 'not known')
    report.tell('disconnected', { peer, address, direction, conn: conn.id, readBytes, writtenBytes, reason }, `disconnected: ${peer} at ${address} (${direction}): ${oneLine(reason)}`)
  }
  const notifiee = { ...noopNotifiee, connected: (_: Network, conn: Conn) => { connected(conn) }, disconnected: (_: Network, conn: Conn) => { disconnected(conn) } }
  for (const conn of network.conns()) connected(conn) // nothing can come in between: this turn is ours
  network.notify(notifiee)
  return { [Symbol.dispose]: () => { network.stopNotify(notifiee) } }
}

function facts (conn: Conn): { peer: string, address: string, direction: string } {
  return { peer: conn.remotePeer.toString(), address: conn.remoteMultiaddr.toString(), direction: conn.stat().direction }
}
