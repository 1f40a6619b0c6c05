import type { Clock, SecureConn } from '@weir/network'
import { TICK_MS } from './defaults.ts'
import { IoSchedulerClosedError } from './errors.ts'
import type { IoScheduler, IoSnapshot } from './io-scheduler.ts'
import { type IoSchedulerInit, type IoSchedulerSettings, resolveIoSchedulerInit } from './io-scheduler-init.ts'
import type { IoStat } from './io-stat.ts'
import { RegulatedConn } from './regulated-conn.ts'
import type { ScheduledConn } from './scheduled-conn.ts'
import { TrafficScheduler } from './traffic-scheduler.ts'

class QuotaScheduler implements IoScheduler {
  readonly #settings: IoSchedulerSettings
  readonly #download: TrafficScheduler
  readonly #upload: TrafficScheduler
  readonly #conns = new Set<RegulatedConn>()
  readonly #clock: Clock
  #tickedMs: number
  #timer: Disposable | undefined
  #lastId = 0
  #closed: Promise<void> | undefined

  constructor (settings: IoSchedulerSettings) {
    this.#settings = settings
    this.#clock = settings.clock
    this.#download = new TrafficScheduler(settings.maxDownloadBytesPerSecond)
    this.#upload = new TrafficScheduler(settings.maxUploadBytesPerSecond)
    this.#tickedMs = this.#clock.monotonicMs()
    this.#setTimer()
  }

  register (conn: SecureConn): ScheduledConn {
    if (this.#closed !== undefined) {
      const error = new IoSchedulerClosedError()
      conn.abort(error)
      throw error
    }
    const registered = new RegulatedConn({
      id: ++this.#lastId,
      conn,
      download: this.#download,
      upload: this.#upload,
      writeQueueBytes: this.#settings.writeQueueBytes,
      closeTimeoutMs: this.#settings.closeTimeoutMs,
      clock: this.#clock,
      onEnd: ended => { this.#conns.delete(ended) }
    })
    this.#conns.add(registered)
    return registered
  }

  stat (): IoStat {
    return {
      totalSentBytes: this.#upload.average.totalBytes,
      totalReceivedBytes: this.#download.average.totalBytes,
      inflowBytesPerSecond: this.#download.average.averageBytesPerSecond,
      outflowBytesPerSecond: this.#upload.average.averageBytesPerSecond
    }
  }

  snapshot (): IoSnapshot {
    return { total: this.stat(), conns: Array.from(this.#conns, conn => ({ id: conn.id, peer: conn.peer?.toString(), ...conn.stat() })) }
  }

  async close (): Promise<void> {
    this.#closed ??= this.#close()
    await this.#closed
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }

  async #close (): Promise<void> {
    const closing = [...this.#conns]
    const late = Promise.withResolvers<void>()
    // Ticks go on meanwhile: what is closed may still wait for quota.
    using _deadline = this.#clock.setTimeout(() => {
      for (const conn of closing) conn.abort(new IoSchedulerClosedError())
      late.resolve()
    }, this.#settings.closeTimeoutMs)
    await Promise.race([Promise.allSettled(closing.map(async conn => { await conn.close(new IoSchedulerClosedError()) })), late.promise])
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
  }

  #setTimer (): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#setTimer()
      const nowMs = this.#clock.monotonicMs()
      const elapsedMs = nowMs - this.#tickedMs
      this.#tickedMs = nowMs
      this.#download.tick(elapsedMs)
      this.#upload.tick(elapsedMs)
    }, TICK_MS)
  }
}

/** Makes a scheduler. Who made it closes it, after all that uses it. @throws {TypeError | RangeError} at a wrong option */
export function createIoScheduler (init: IoSchedulerInit = {}): IoScheduler {
  return new QuotaScheduler(resolveIoSchedulerInit(init))
}
