import { type Clock, ConnErrorCode } from '@weir/network'
import type { ConnEntry } from './peer-entry.ts'

/**
 * Ends connections in this turn, and waits for the wire, for at most `timeoutMs`. What a connection's close throws is of no
 * interest: it is gone.
 */
export async function closeConns (conns: Iterable<ConnEntry>, clock: Clock, timeoutMs: number): Promise<void> {
  const wires = Array.from(conns, ({ conn }) => endConn(conn, ConnErrorCode.garbageCollected))
  if (wires.length === 0) return
  const { promise: late, resolve } = Promise.withResolvers<void>()
  using _ = timeoutMs === Infinity ? undefined : clock.setTimeout(resolve, timeoutMs)
  await Promise.race([Promise.all(wires), late])
}

/** Ends a connection in this turn. @returns when the wire is done; never rejects */
export async function endConn (conn: ConnEntry['conn'], errorCode: number): Promise<void> {
  try {
    await conn.closeWithError(errorCode)
  } catch {} // it has ended: that is all that was wanted
}
