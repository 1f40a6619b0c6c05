import { ackEncoding } from './ack.ts'
import { type AuthenticatedConn, endSession, type SessionParts, UnansweredConn, writeChunk } from './authenticated-conn.ts'
import { checkAboveZero, checkKeys } from './check-options.ts'
import { MAX_SENT_POINTS, P2P_SOCKET_DEFAULTS } from './defaults.ts'
import { encode } from './encoding/encoding.ts'
import { TooManyPointsError } from './errors.ts'
import { HandshakeDeadline } from './handshake-deadline.ts'
import type { P2pPoint } from './p2p-point.ts'
import type { RejectionMotive } from './rejection.ts'

export interface NackOptions {
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const KNOWN: ReadonlySet<string> = new Set<keyof NackOptions>(['timeoutMs', 'signal'])

/**
 * Refuses a connection: sends why, and where else the peer may try, and closes. A peer of p2p version 0 is told neither.
 *
 * It resolves when the connection is closed, and rejects only when the answer did not go out in time.
 *
 * @param points - 99 at most, or the peer would greylist this node
 * @throws {TooManyPointsError | TypeError | RangeError} before anything is done: the connection is still the caller's
 * @throws {HandshakeTimeoutError} or the signal's reason, or what ended the connection
 * @see seed 002, "nack"; reference/tezos-p2p.md 2.7
 */
export async function nack<Meta> (conn: AuthenticatedConn<Meta>, motive: RejectionMotive, points: readonly P2pPoint[] = [], options: NackOptions = {}): Promise<void> {
  const { timeoutMs = P2P_SOCKET_DEFAULTS.authenticationTimeoutMs, signal } = options
  checkKeys('nack', options, KNOWN)
  checkAboveZero('timeoutMs', timeoutMs)
  if (points.length > MAX_SENT_POINTS) throw new TooManyPointsError({ points: points.length, max: MAX_SENT_POINTS })
  const parts = UnansweredConn.take(conn)
  try {
    using deadline = new HandshakeDeadline('nack', { conn: parts.conn, clock: parts.clock, timeoutMs, signal })
    deadline.throwIfAborted()
    await sendNack(parts, motive, points)
    deadline.throwIfAborted()
    endSession(parts, new Error('the connection was refused'))
  } catch (error) {
    endSession(parts, error as Error)
    throw error
  }
}

/** Tells the peer that there is no room for it, if it can be told: what counts is the refusal, which the caller throws. */
export async function sendNoRoom<Meta> (parts: SessionParts<Meta>): Promise<void> {
  try {
    await sendNack(parts, 'too-many-connections', [])
  } catch {
    // It is gone, or out of time: the connection is ended in any case.
  }
}

/** Sends a Nack and lets it arrive: closes, and waits until the other side has heard it or is gone. The session is still to be ended. */
async function sendNack<Meta> (parts: SessionParts<Meta>, motive: RejectionMotive, points: readonly P2pPoint[]): Promise<void> {
  const { conn, info } = parts
  writeChunk(parts, encode(ackEncoding, info.announcedVersion.p2pVersion === 0 ? { kind: 'nack-v0' } : { kind: 'nack', motive, points: [...points] }))
  await conn.drained()
  await conn.close()
}
