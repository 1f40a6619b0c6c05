import type { ByteReader, ScheduledConn } from '@weir/io-scheduler'
import type { Clock, ConnManagementScope } from '@weir/network'
import type { Channel } from './channel.ts'
import type { ConnectionInfo } from './connection-info.ts'
import { InvalidMessageSizeError } from './errors.ts'
import { CHUNK_OVERHEAD_BYTES, MAX_CHUNK_BYTES } from './chunk-size.ts'
import { readBox } from './read-box.ts'

/** What an authenticated connection is made of, and what an accepted one goes on with. */
export interface SessionParts<Meta> {
  readonly conn: ScheduledConn
  readonly reader: ByteReader
  readonly channel: Channel
  readonly scope: ConnManagementScope
  readonly info: ConnectionInfo<Meta>
  readonly clock: Clock
}

/**
 * A connection whose peer is known and has not been answered: `accept` or `nack` it, or let it go.
 *
 * Whoever has it ends it; `accept` and `nack` take it over, whatever comes of them.
 *
 * @see seed 002, "authenticated_connection"
 */
export interface AuthenticatedConn<Meta> extends Disposable {
  readonly info: ConnectionInfo<Meta>
  /** Ends it without an answer. Harmless once it was taken over, and the second time. */
  abort (cause: Error): void
}

export class UnansweredConn<Meta> implements AuthenticatedConn<Meta> {
  readonly info: ConnectionInfo<Meta>
  #parts: SessionParts<Meta> | undefined

  constructor (parts: SessionParts<Meta>) {
    this.info = parts.info
    this.#parts = parts
  }

  /** Takes it over, once. @throws {TypeError} when it was answered or let go, or is none of ours */
  static take<Meta> (authenticated: AuthenticatedConn<Meta>): SessionParts<Meta> {
    const parts = authenticated instanceof UnansweredConn ? (authenticated as UnansweredConn<Meta>).#parts : undefined
    if (parts === undefined) throw new TypeError('a connection is answered once, and by what authenticate gave')
    ;(authenticated as UnansweredConn<Meta>).#parts = undefined
    return parts
  }

  abort (cause: Error): void {
    const parts = this.#parts
    if (parts === undefined) return
    this.#parts = undefined
    endSession(parts, cause)
  }

  [Symbol.dispose] (): void {
    this.abort(new Error('the connection was not answered'))
  }
}

/** Ends a session at once, and gives back what it holds. */
export function endSession ({ conn, scope }: Pick<SessionParts<unknown>, 'conn' | 'scope'>, cause: Error): void {
  conn.abort(cause)
  scope.done()
}

/** Writes what has to be one chunk. @throws {InvalidMessageSizeError} when it does not fit */
export function writeChunk ({ conn, channel }: Pick<SessionParts<unknown>, 'conn' | 'channel'>, plaintext: Uint8Array): void {
  if (plaintext.length > MAX_CHUNK_BYTES - CHUNK_OVERHEAD_BYTES) throw new InvalidMessageSizeError(plaintext.length)
  conn.write(channel.seal([plaintext]))
}

/** Reads one chunk. @throws {InvalidIncomingCiphertextSizeError | DecipherError | ConnectionClosedError} */
export async function readChunk ({ reader, channel }: Pick<SessionParts<unknown>, 'reader' | 'channel'>): Promise<Uint8Array> {
  return channel.open(await readBox(reader))
}
