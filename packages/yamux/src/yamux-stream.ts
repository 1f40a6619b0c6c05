import { boundedClose, checkDeadline, type DeadlineTimer, YamuxFlag } from '@weir/adapters'
import { type Clock, type MuxedStream, type ReadOptions, ResourceLimitExceededError, StreamErrorCode, StreamResetError, type Uint8ArrayList, type WriteOptions } from '@weir/network'
import { UINT32_MAX } from './defaults.ts'
import { type ReaderOwner, StreamReader } from './stream-reader.ts'
import { StreamWriter, type WriterOwner } from './stream-writer.ts'

/** What a stream asks of its connection. */
export interface StreamOwner {
  readonly clock: Clock
  readonly timer: DeadlineTimer
  readonly closeTimeoutMs: number
  /** Whether a small frame would leave with this turn, before those that wait. */
  readonly mayWriteNow: boolean
  isClosed (): boolean
  sendData (flags: number, streamId: number, data: Uint8Array | Uint8ArrayList, from: number, to: number): void
  /** The stream has flags to send, with this turn's frames. */
  onDue (stream: YamuxStream): void
  /** The stream has a grant to send. */
  onGrantDue (stream: YamuxStream): void
  /** The stream has data to send. */
  onReady (stream: YamuxStream): void
  /** The memory of its window is free. */
  onReadingOver (stream: YamuxStream): void
  /** It was reset here. @param errorCode - for the remote; `undefined` when the remote has never heard of the stream */
  onReset (stream: YamuxStream, errorCode: number | undefined): void
  /**
   * Both halves have ended, or the remote has reset it: it leaves. Called once, unless `onReset` was.
   *
   * @param remoteEnded - whether the remote sends no more
   */
  onLeft (stream: YamuxStream, remoteEnded: boolean): void
}

/** One stream: its two halves, and the flags that its next frames carry. Made by a connection. */
export class YamuxStream implements MuxedStream, ReaderOwner, WriterOwner {
  readonly id: number
  readonly reader: StreamReader
  readonly writer: StreamWriter
  /** Whether the remote has yet to acknowledge a stream that was opened here. */
  unacknowledged: boolean
  readonly inbound: boolean
  readonly #owner: StreamOwner
  #flags: number
  #announced: boolean // whether the remote knows of it
  #finSent = false
  #left = false

  /** @param inbound - whether the remote opened it */
  constructor (id: number, inbound: boolean, owner: StreamOwner) {
    this.id = id
    this.inbound = inbound
    this.unacknowledged = !inbound
    this.#owner = owner
    this.#flags = inbound ? 0 : YamuxFlag.syn
    this.#announced = inbound
    this.reader = new StreamReader(this)
    this.writer = new StreamWriter(this)
    if (!inbound) owner.onDue(this)
  }

  read (options?: ReadOptions): Promise<Uint8Array | undefined> {
    return this.reader.read(options?.signal)
  }

  write (data: Uint8Array | Uint8ArrayList, options?: WriteOptions): Promise<void> {
    return this.writer.write(data, options?.signal)
  }

  closeWrite (): Promise<void> {
    return this.writer.close()
  }

  async closeRead (): Promise<void> {
    this.reader.close()
    this.#leaveIfOver()
  }

  close (): Promise<void> {
    this.reader.close()
    const flushed = this.closeWrite()
    this.#leaveIfOver()
    return flushed
  }

  reset (): void {
    this.#break(new StreamResetError({ remote: false }), 0)
  }

  resetWithError (errorCode: number): void {
    if (!Number.isInteger(errorCode) || errorCode < 0 || errorCode > UINT32_MAX) throw new RangeError(`an error code must be a whole number of 32 bits, got ${errorCode}`)
    this.#break(new StreamResetError({ errorCode, remote: false }), errorCode)
  }

  abort (cause: Error): void {
    this.#break(cause, 0)
  }

  setDeadline (atMs?: number): void {
    this.setReadDeadline(atMs)
    this.setWriteDeadline(atMs)
  }

  setReadDeadline (atMs?: number): void {
    this.reader.setDeadline(checkDeadline(atMs))
  }

  setWriteDeadline (atMs?: number): void {
    this.writer.setDeadline(checkDeadline(atMs))
  }

  async * [Symbol.asyncIterator] (): AsyncGenerator<Uint8Array, void, undefined> {
    let finished = false
    try {
      while (true) {
        const chunk = await this.read()
        if (chunk === undefined) {
          finished = true
          return
        }
        yield chunk
      }
    } finally {
      if (!finished) await this.closeRead()
    }
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    const closing = this.close()
    if (this.writer.waiting) await boundedClose(this.#owner.clock, this.#owner.closeTimeoutMs, () => closing, cause => { this.abort(cause) })
  }

  // From the remote.

  onFin (): void {
    this.reader.finish()
    this.#leaveIfOver()
  }

  onRemoteReset (errorCode: number): void {
    const error = errorCode === StreamErrorCode.resourceLimitExceeded ? new ResourceLimitExceededError({ where: 'remote', errorCode }) : new StreamResetError({ errorCode, remote: true })
    this.#fail(error, true)
    this.#leave(true)
  }

  // From the connection.

  /** The stream was handed out: the remote gets to know with the next frame. */
  accept (): void {
    this.#flags |= YamuxFlag.ack
    if (!this.#left) this.#owner.onDue(this)
  }

  /** Whether it has flags to send. */
  get flagged (): boolean {
    return this.#flags !== 0
  }

  /** The flags of its last frame, when the connection is closed: one that was not written to its end must not look as if it were. */
  takeFarewell (): number {
    if (!this.#announced || this.#finSent) return 0
    return (this.#flags & YamuxFlag.fin) === 0 ? YamuxFlag.rst : this.takeFlags(true)
  }

  /** What the next frame without payload carries. With data ready, SYN and ACK travel with that. */
  takeFlags (withCredit: boolean): number {
    if (this.writer.ready && !withCredit) return 0
    const flags = this.#flags
    this.#flags = 0
    this.#announced = true
    return flags
  }

  /** A frame with FIN has been sent. */
  onFinSent (): void {
    this.#finSent = true
    this.#leaveIfOver()
  }

  /** The connection has ended, and nothing is sent any more. */
  onConnEnded (error: Error): void {
    this.#left = true
    this.#fail(error, false)
  }

  // From the halves.

  get timer (): DeadlineTimer {
    return this.#owner.timer
  }

  get mayWriteNow (): boolean {
    return this.#owner.mayWriteNow
  }

  sendData (data: Uint8Array | Uint8ArrayList, from: number, to: number): void {
    const flags = this.#flags
    this.#flags = 0
    this.#announced = true
    this.#owner.sendData(flags, this.id, data, from, to)
  }

  onReady (): void {
    if (!this.#left) this.#owner.onReady(this)
  }

  onGrantDue (): void {
    if (!this.#left) this.#owner.onGrantDue(this)
  }

  onReadingOver (): void {
    this.#owner.onReadingOver(this)
  }

  onBroken (cause: Error): void {
    this.#break(new StreamResetError({ remote: false, cause }), 0)
  }

  onFlushed (): void {
    if (this.#left) return
    this.#flags |= YamuxFlag.fin
    this.#owner.onDue(this)
  }

  #break (error: Error, errorCode: number): void {
    if (this.#left) {
      if (!this.#owner.isClosed()) this.reader.fail(error, true) // what it still holds costs memory
      return
    }
    this.#left = true
    this.writer.fail(error)
    this.reader.fail(error, true)
    this.#owner.onReset(this, this.#announced ? errorCode : undefined)
  }

  /** Once the remote has sent its end, what it sent before is whole, whatever happens to the stream. */
  #fail (error: Error, discard: boolean): void {
    this.writer.fail(error)
    if (!this.reader.finished) this.reader.fail(error, discard)
  }

  #leaveIfOver (): void {
    if (this.#finSent && (this.reader.finished || this.reader.closed)) this.#leave(this.reader.finished)
  }

  #leave (remoteEnded: boolean): void {
    if (this.#left) return
    this.#left = true
    this.#owner.onLeft(this, remoteEnded)
  }
}
