import type { ScheduledConn } from '@weir/io-scheduler'
import type { Channel } from './channel.ts'
import { CostQueue, type Ledger } from './cost-queue.ts'
import { OUTGOING_CHUNK_COST_BYTES, OUTGOING_MESSAGE_COST_BYTES, WRITE_BATCH_BYTES } from './defaults.ts'
import type { EncodedMessage } from './encoded-message.ts'

export interface MessageWriterInit {
  readonly conn: ScheduledConn
  readonly channel: Channel
  readonly queueBytes: number
  readonly ledger: Ledger
  /** Called once, with what the connection below says when it can take no more. */
  onFailure (cause: Error): void
}

interface Outgoing {
  readonly frames: Uint8Array
  /** Settled when the socket has taken the last byte. */
  readonly sent: PromiseWithResolvers<void> | undefined
}

/**
 * Encrypts and writes what is queued, in its order, many small messages in one write and large ones in several.
 *
 * Writing begins when the microtasks of the turn are over, or as soon as there is a whole batch, and pauses while the connection is full.
 */
export class MessageWriter {
  readonly #init: MessageWriterInit
  readonly #queue: CostQueue<Outgoing>
  #current: Outgoing | undefined
  #pos = 0
  #isScheduled = false
  #isBlocked = false

  constructor (init: MessageWriterInit) {
    this.#init = init
    this.#queue = new CostQueue(init.queueBytes, init.ledger)
  }

  /** @returns whether there was room; the message is given away only then */
  tryWrite (message: EncodedMessage<unknown>): boolean {
    if (!this.#queue.tryAdd({ frames: message.peek(), sent: undefined }, costOf(message))) return false
    message.take()
    this.#schedule()
    return true
  }

  /** Resolves when the message is queued. */
  async write (message: EncodedMessage<unknown>, signal?: AbortSignal): Promise<void> {
    await this.#add(message, undefined, signal)
  }

  /** Resolves when the socket has taken the message. */
  async writeSync (message: EncodedMessage<unknown>, signal?: AbortSignal): Promise<void> {
    const sent = sentSignal()
    await this.#add(message, sent, signal)
    await untilSent(sent, signal)
  }

  /** Takes no more, and resolves when the socket has taken all that is queued. @param cause - told to whoever waits or writes from now on */
  async finish (cause: Error, signal: AbortSignal): Promise<void> {
    const sent = sentSignal()
    this.#queue.addLast({ frames: new Uint8Array(), sent }, cause)
    this.#schedule()
    await untilSent(sent, signal)
  }

  /** Throws away what was not written. @param cause - told to whoever waits or writes from now on */
  end (cause: Error): void {
    this.#queue.end(cause)
    const dropped = [this.#current]
    this.#current = undefined
    while (this.#queue.length > 0) dropped.push(this.#queue.tryTake())
    for (const each of dropped) each?.sent?.reject(cause)
  }

  async #add (message: EncodedMessage<unknown>, sent: Outgoing['sent'], signal: AbortSignal | undefined): Promise<void> {
    const cost = costOf(message)
    await this.#queue.add({ frames: message.take(), sent }, cost, signal)
    this.#schedule()
  }

  #schedule (): void {
    if (this.#isBlocked) return
    if (this.#queue.cost >= WRITE_BATCH_BYTES) this.#run()
    else if (!this.#isScheduled) {
      this.#isScheduled = true
      process.nextTick(() => {
        this.#isScheduled = false
        this.#run()
      })
    }
  }

  #run (): void {
    const { conn, channel, onFailure } = this.#init
    try {
      while (!this.#isBlocked && (this.#current !== undefined || this.#queue.length > 0)) {
        const sent: Array<PromiseWithResolvers<void>> = []
        const piece = this.#nextPiece(sent)
        channel.seal(piece)
        const more = piece.length === 0 || conn.write(piece)
        if (more && sent.length === 0) continue
        if (!more) this.#isBlocked = true
        conn.drained().then(() => {
          for (const each of sent) each.resolve()
          if (more) return
          this.#isBlocked = false
          this.#run()
        }, (cause: unknown) => {
          for (const each of sent) each.reject(cause)
          onFailure(cause as Error)
        })
      }
    } catch (cause) {
      onFailure(cause as Error)
    }
  }

  /** Whole frames, about a batch of them. What ends in it is added to `sent`. */
  #nextPiece (sent: Array<PromiseWithResolvers<void>>): Uint8Array {
    const pieces: Uint8Array[] = []
    let bytes = 0
    for (let next = this.#current ?? this.#queue.tryTake(); next !== undefined; next = this.#queue.length > 0 ? this.#queue.tryTake() : undefined) {
      const end = endOfFrames(next.frames, this.#pos, WRITE_BATCH_BYTES - bytes)
      if (end > this.#pos) pieces.push(end - this.#pos === next.frames.length ? next.frames : next.frames.subarray(this.#pos, end))
      bytes += end - this.#pos
      if (end < next.frames.length) {
        this.#current = next
        this.#pos = end
        break
      }
      this.#current = undefined
      this.#pos = 0
      if (next.sent !== undefined) sent.push(next.sent)
      if (bytes >= WRITE_BATCH_BYTES) break
    }
    return pieces.length === 1 ? pieces[0] ?? new Uint8Array() : Buffer.concat(pieces, bytes)
  }
}

function costOf (message: EncodedMessage<unknown>): number {
  return OUTGOING_MESSAGE_COST_BYTES + message.wireBytes + message.chunks * OUTGOING_CHUNK_COST_BYTES
}

/** Where the last whole frame before the limit ends; after the first one at least, when nothing else is in the piece. */
function endOfFrames (frames: Uint8Array, start: number, limitBytes: number): number {
  let at = start
  while (at < frames.length) {
    const next = at + 2 + ((frames[at] ?? 0) << 8 | (frames[at + 1] ?? 0))
    if (next - start > limitBytes && (at > start || limitBytes < WRITE_BATCH_BYTES)) break
    at = next
  }
  return at
}

function sentSignal (): PromiseWithResolvers<void> {
  const sent = Promise.withResolvers<void>()
  sent.promise.catch(() => {}) // whoever waited may have been aborted
  return sent
}

async function untilSent ({ promise }: PromiseWithResolvers<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return await promise
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => { aborted.reject(signal.reason) }
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort)
  try {
    await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
