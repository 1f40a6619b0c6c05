import { ConnClosedError, ConnErrorCode, ResourceLimitExceededError, type SecureConn } from '@weir/network'
import type { Uint8ArrayList } from 'uint8arraylist'
import type { YamuxFrameGuard } from './yamux-frame-guard.ts'

/**
 * A connection whose bytes pass a frame guard both ways. What the guard throws ends the connection, and so does the
 * remote's go-away: js yamux closes its streams for that and leaves the connection below open.
 */
export class GuardedConn implements SecureConn {
  readonly #conn: SecureConn
  readonly #guard: YamuxFrameGuard
  #congested = false

  constructor (conn: SecureConn, guard: YamuxFrameGuard) {
    this.#conn = conn
    this.#guard = guard
  }

  async read (): Promise<Uint8ArrayList | Uint8Array | undefined> {
    while (true) {
      // Nothing follows a go-away. The muxer has seen it by now: it came with the chunk before.
      if (this.#guard.goAwayCode !== undefined) return undefined
      const chunk = await this.#conn.read()
      if (chunk === undefined) return undefined
      try {
        const passed = this.#guard.received(chunk)
        if (passed.byteLength > 0) return passed
      } catch (error) {
        this.#conn.abort(error as Error)
        throw error
      }
    }
  }

  write (data: Uint8Array | Uint8ArrayList): boolean {
    let more: boolean
    try {
      const passed = this.#guard.sent(data)
      if (passed.byteLength === 0) return !this.#congested
      more = this.#conn.write(passed)
    } catch (error) {
      this.#conn.abort(error as Error)
      return false
    }
    if (!more && !this.#congested) {
      this.#congested = true
      this.#guard.setCongested(true)
      const relieved = (): void => {
        this.#congested = false
        this.#guard.setCongested(false)
      }
      this.#conn.drained().then(relieved, relieved)
    }
    return more
  }

  drained (): Promise<void> {
    return this.#conn.drained()
  }

  close (): Promise<void> {
    return this.#conn.close()
  }

  abort (cause: Error): void {
    this.#conn.abort(cause)
  }
}

/** What a go-away of the remote means to those who use the connection. */
export function goAwayError (errorCode: number): ConnClosedError {
  const cause = errorCode === ConnErrorCode.resourceLimitExceeded ? new ResourceLimitExceededError({ where: 'remote', errorCode }) : undefined
  return new ConnClosedError({ errorCode, remote: true, cause })
}
