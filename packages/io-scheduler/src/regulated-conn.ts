import type { Clock, PeerRef, SecureConn } from '@weir/network'
import { MAX_PIECE_BYTES, WRITE_COST_BYTES } from './defaults.ts'
import { ConnectionClosedError } from './errors.ts'
import type { IoStat } from './io-stat.ts'
import type { ScheduledConn } from './scheduled-conn.ts'
import type { TrafficLane } from './traffic-lane.ts'
import type { TrafficScheduler } from './traffic-scheduler.ts'

type Data = Parameters<SecureConn['write']>[0]

export interface RegulatedConnInit {
  readonly id: number
  readonly conn: SecureConn
  readonly download: TrafficScheduler
  readonly upload: TrafficScheduler
  readonly writeQueueBytes: number
  readonly closeTimeoutMs: number
  readonly clock: Clock
  onEnd (conn: RegulatedConn): void
}

/**
 * A connection in two lanes. What was read waits for quota before it is given out, so that at most one piece is held; what is
 * written goes straight down while there is quota, else it queues.
 */
export class RegulatedConn implements ScheduledConn {
  readonly id: number
  readonly #init: RegulatedConnInit
  readonly #in: TrafficLane
  readonly #out: TrafficLane
  readonly #queue: Uint8Array[] = []
  #queuedCostBytes = 0
  #sending: Promise<void> | undefined
  #peer: PeerRef | undefined
  #error: Error | undefined

  constructor (init: RegulatedConnInit) {
    this.id = init.id
    this.#init = init
    this.#in = init.download.open()
    this.#out = init.upload.open()
  }

  get peer (): PeerRef | undefined {
    return this.#peer
  }

  setPeer (peer: PeerRef): void {
    this.#peer = peer
  }

  async read (): ReturnType<SecureConn['read']> {
    try {
      const data = await this.#init.conn.read()
      if (this.#error !== undefined) throw this.#error
      if (data === undefined) return undefined
      const { download } = this.#init
      if (!download.tryAdmit(this.#in, data.byteLength)) await download.admit(this.#in, data.byteLength)
      return data
    } catch (error) {
      this.#end(error as Error)
      throw error
    }
  }

  write (data: Data): boolean {
    if (this.#error !== undefined) return true
    const { conn, upload, writeQueueBytes } = this.#init
    // Without a limit there is no turn to wait for: the piece may be of any size.
    const fits = !upload.isLimited || data.byteLength <= MAX_PIECE_BYTES
    if (this.#sending === undefined && fits && upload.tryAdmit(this.#out, data.byteLength)) return conn.write(data)
    const bytes = data instanceof Uint8Array ? data : data.subarray()
    for (let at = 0; at < bytes.length; at += MAX_PIECE_BYTES) {
      const piece = bytes.subarray(at, at + MAX_PIECE_BYTES)
      this.#queue.push(piece)
      this.#queuedCostBytes += piece.length + WRITE_COST_BYTES
    }
    this.#sending ??= this.#send()
    return this.#queuedCostBytes < writeQueueBytes
  }

  async drained (): Promise<void> {
    await this.#sending
    if (this.#error !== undefined) throw this.#error
    await this.#init.conn.drained()
  }

  /** @param cause - told to whoever reads or waits from now on */
  async close (cause: Error = new ConnectionClosedError('local')): Promise<void> {
    const { clock, closeTimeoutMs, conn } = this.#init
    if (this.#sending !== undefined) {
      using _deadline = clock.setTimeout(() => { this.abort(cause) }, closeTimeoutMs)
      await this.#sending
    }
    this.#end(cause)
    await conn.close()
  }

  abort (cause: Error): void {
    this.#end(cause)
    this.#init.conn.abort(cause)
  }

  stat (): IoStat {
    return {
      totalSentBytes: this.#out.average.totalBytes,
      totalReceivedBytes: this.#in.average.totalBytes,
      inflowBytesPerSecond: this.#in.average.averageBytesPerSecond,
      outflowBytesPerSecond: this.#out.average.averageBytesPerSecond
    }
  }

  // Never rejects: what ends the connection meanwhile is told by whatever is called next.
  async #send (): Promise<void> {
    const { conn, upload } = this.#init
    try {
      for (let piece = this.#queue.shift(); piece !== undefined; piece = this.#queue.shift()) {
        await upload.admit(this.#out, piece.length)
        this.#queuedCostBytes -= piece.length + WRITE_COST_BYTES
        if (!conn.write(piece)) await conn.drained()
      }
    } catch (error) {
      this.#end(error as Error)
    } finally {
      this.#sending = undefined
    }
  }

  #end (cause: Error): void {
    if (this.#error !== undefined) return
    this.#error = cause
    this.#queue.length = 0
    this.#queuedCostBytes = 0
    this.#init.download.close(this.#in, cause)
    this.#init.upload.close(this.#out, cause)
    this.#init.onEnd(this)
  }
}
