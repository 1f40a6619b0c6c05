import { ALLOW, ConnErrorCode, type Conn, type ConnectionGater, type Denial, deny, type Dialer, isDenial } from '@weir/network'

/** A connection that was closed because it is denied now, as plain data. */
export interface ClosedConn {
  readonly id: string
  readonly peer: string
  readonly addr: string
  readonly rule: string
  readonly code: string
  readonly message: string
}

/** Who holds the connections; a `Network` is one. */
export type ConnHolder = Pick<Dialer, 'conns'>

/**
 * Asks the gater of every live connection, as if it had just been secured, and closes those that it denies, with the code `gated`.
 *
 * All are asked in one turn, and closed at the same time. A connection whose close fails is told of like the others: its network ends it.
 *
 * @returns those that were closed, and why, when their closes have ended
 */
export async function closeDenied (network: ConnHolder, gater: ConnectionGater): Promise<ClosedConn[]> {
  const denied = network.conns().filter(conn => !conn.isClosed()).flatMap(conn => {
    const denial = denialOf(conn, gater)
    return denial === undefined ? [] : [{ conn, denial }]
  })
  await Promise.allSettled(denied.map(async ({ conn }) => { await conn.closeWithError(ConnErrorCode.gated) }))
  return denied.map(({ conn, denial: { rule, code, message } }) => ({ id: conn.id, peer: conn.remotePeer.toString(), addr: conn.remoteMultiaddr.toString(), rule, code, message }))
}

function denialOf (conn: Conn, gater: ConnectionGater): Denial | undefined {
  try {
    const verdict = gater.interceptSecured(conn.stat().direction, conn.remotePeer, conn)
    if (verdict === ALLOW) return undefined
    return isDenial(verdict) ? verdict : deny('gater-mistake', 'the gater gave no verdict')
  } catch (error) {
    return deny('gater-failed', `the gater threw: ${String(error)}`) // as the network has it, a broken gater denies
  }
}
