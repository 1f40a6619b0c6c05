import { type Clock, ConnErrorCode } from '@weir/network'
import type { ConnEntry } from './peer-entry.ts'

/** Closes connections, and waits for their wires with a deadline. */
export class ConnCloser implements Disposable {
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #waiting = new Set<() => void>()

  constructor (clock: Clock, timeoutMs: number) {
    this.#clock = clock
    this.#timeoutMs = timeoutMs
  }

  /** Ends them in this turn, and waits for their wires for at most `timeoutMs`, or until this is disposed. Never rejects. */
  async close (conns: Iterable<ConnEntry>): Promise<void> {
    const wires = Array.from(conns, ({ conn }) => endConn(conn, ConnErrorCode.garbageCollected))
    if (wires.length === 0) return
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = this.#timeoutMs === Infinity ? undefined : this.#clock.setTimeout(resolve, this.#timeoutMs)
    const stop = (): void => {
      timer?.[Symbol.dispose]()
      resolve()
    }
    this.#waiting.add(stop)
    await Promise.race([Promise.all(wires), late])
    this.#waiting.delete(stop)
    stop()
  }

  [Symbol.dispose] (): void {
    for (const stop of this.#waiting) stop()
  }
}

/** Ends a connection in this turn. What its wire throws is of no interest: it has ended. Never rejects. */
export async function endConn (conn: ConnEntry['conn'], errorCode: number): Promise<void> {
  try {
    await conn.closeWithError(errorCode)
  } catch {}
}
