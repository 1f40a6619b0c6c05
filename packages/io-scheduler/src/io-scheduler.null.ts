import type { PeerRef, SecureConn } from '@weir/network'
import type { IoScheduler } from './io-scheduler.ts'
import { type IoStat, ZERO_IO_STAT } from './io-stat.ts'
import type { ScheduledConn } from './scheduled-conn.ts'

class UnscheduledConn implements ScheduledConn {
  readonly id = 0
  readonly #conn: SecureConn
  #peer: PeerRef | undefined

  constructor (conn: SecureConn) {
    this.#conn = conn
  }

  get peer (): PeerRef | undefined {
    return this.#peer
  }

  setPeer (peer: PeerRef): void {
    this.#peer = peer
  }

  read (): ReturnType<SecureConn['read']> {
    return this.#conn.read()
  }

  write (data: Parameters<SecureConn['write']>[0]): boolean {
    return this.#conn.write(data)
  }

  async drained (): Promise<void> {
    await this.#conn.drained()
  }

  async close (): Promise<void> {
    await this.#conn.close()
  }

  abort (cause: Error): void {
    this.#conn.abort(cause)
  }

  stat (): IoStat {
    return ZERO_IO_STAT
  }
}

/** Limits nothing, counts nothing and remembers no connection: each ends with whoever uses it. */
export const nullIoScheduler: IoScheduler = Object.freeze({
  register: (conn: SecureConn) => new UnscheduledConn(conn),
  stat: () => ZERO_IO_STAT,
  snapshot: () => ({ total: ZERO_IO_STAT, conns: [] }),
  async close () {},
  async [Symbol.asyncDispose] () {}
} satisfies IoScheduler)
