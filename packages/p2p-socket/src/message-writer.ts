import type { ScheduledConn } from '@weir/io-scheduler'
import type { Channel } from './channel.ts'
import { CHUNK_OVERHEAD_BYTES } from './chunk-size.ts'
import { CostQueue, type Ledger } from './cost-queue.ts'
import { OUTGOING_CHUNK_COST_BYTES, OUTGOING_MESSAGE_COST_BYTES, WRITE_BATCH_BYTES } from './defaults.ts'
import type { EncodedMessage } from './encoded-message.ts'
import { EncodedMessageUsedError } from './errors.ts'
import { raceAbort } from './race-abort.ts'

export interface MessageWriterInit {
  readonly conn: ScheduledConn
  readonly channel: Channel
  readonly queueBytes: number
  readonly ledger: Ledger
  /** Told what the connection below says when it can take no more. */
  onFailure (cause: Error): void
}

interface Outgoing {
  /** None: nothing is written, and what came before is waited for. */
  readonly message: EncodedMessage<unknown> | undefined
  /** Settled when the socket has taken the last byte. */
  readonly sent: PromiseWithResolvers<void> | undefined
}

/**
 * Encrypts and writes what is queued, in its order: many small messages in one write, and large ones in several.
 *
 * Writing begins when the microtasks of the turn are over, or as soon as there is a whole batch, and pauses while the connection is full.
 */
export class MessageWriter {
  readonly #init: MessageWriterInit
  readonly #queue: CostQueue<Outgoing>
  #current: Outgoing | undefined
  /** The next chunk of the current message. */
  #nextChunk = 0
  #isScheduled = false
  #isBlocked = false

  constructor (init: MessageWriterInit) {
    this.#init = init
    this.#queue = new CostQueue(init.queueBytes, init.ledger)
  }

  /** @returns whether there was room; the message is used only then */
  tryWrite (message: EncodedMessage<unknown>): boolean {
    if (message.isUsed) throw new EncodedMessageUsedError()
    if (!this.#queue.tryAdd({ message, sent: undefined }, costOf(message))) return false
    message.use()
    this.#schedule()
    return true
  }

  /** Resolves when the message is queued. */
  async write (message: EncodedMessage<unknown>, signal?: AbortSignal): Promise<void> {
    await this.#queue.add({ message, sent: undefined }, costOf(message), signal)
    this.#schedule()
  }

  /** Resolves when the socket has taken the message. */
  async writeSync (message: EncodedMessage<unknown>, signal?: AbortSignal): Promise<void> {
    const sent = sentSignal()
    await this.#queue.add({ message, sent }, costOf(message), signal)
    this.#schedule()
    await raceAbort(sent.promise, signal)
  }

  /** Takes no more, and resolves when the socket has taken all that is queued. @param cause - told to whoever waits or writes from now on */
  async finish (cause: Error, signal: AbortSignal): Promise<void> {
    const sent = sentSignal()
    this.#queue.addLast({ message: undefined, sent }, cause)
    this.#schedule()
    await raceAbort(sent.promise, signal)
  }

  /** Throws away what was not written. @param cause - told to whoever waits or writes from now on */
  end (cause: Error): void {
    this.#queue.end(cause)
    const dropped = [this.#current]
    this.#current = undefined
    while (this.#queue.length > 0) dropped.push(this.#queue.tryTake())
    for (const each of dropped) each?.sent?.reject(cause)
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
        const { chunks, sent } = this.#nextBatch()
        const more = chunks.length === 0 || conn.write(channel.seal(chunks))
        if (!more || sent.length > 0) this.#awaitDrained(more, sent)
      }
    } catch (cause) {
      onFailure(cause as Error)
    }
  }

  #awaitDrained (more: boolean, sent: ReadonlyArray<PromiseWithResolvers<void>>): void {
    if (!more) this.#isBlocked = true
    this.#init.conn.drained().then(() => {
      for (const each of sent) each.resolve()
      if (more) return
      this.#isBlocked = false
      this.#run()
    }, (cause: unknown) => {
      for (const each of sent) each.reject(cause)
      this.#init.onFailure(cause as Error)
    })
  }

  /** Chunks of about a batch, and who waits for what ends in it. */
  #nextBatch (): { readonly chunks: Uint8Array[], readonly sent: Array<PromiseWithResolvers<void>> } {
    const chunks: Uint8Array[] = []
    const sent: Array<PromiseWithResolvers<void>> = []
    for (let bytes = 0; bytes < WRITE_BATCH_BYTES;) {
      this.#current ??= this.#queue.length > 0 ? this.#queue.tryTake() : undefined
      if (this.#current === undefined) break
      const { message } = this.#current
      if (message !== undefined) {
        const chunk = message.chunk(this.#nextChunk++)
        chunks.push(chunk)
        bytes += chunk.length + CHUNK_OVERHEAD_BYTES
        if (this.#nextChunk < message.chunks) continue
      }
      if (this.#current.sent !== undefined) sent.push(this.#current.sent)
      this.#current = undefined
      this.#nextChunk = 0
    }
    return { chunks, sent }
  }
}

/** @see reference/tezos-p2p.md 4.1, "Queue cost accounting" */
function costOf ({ sizeBytes, chunks }: EncodedMessage<unknown>): number {
  return OUTGOING_MESSAGE_COST_BYTES + sizeBytes + chunks * (CHUNK_OVERHEAD_BYTES + OUTGOING_CHUNK_COST_BYTES)
}

function sentSignal (): PromiseWithResolvers<void> {
  const sent = Promise.withResolvers<void>()
  sent.promise.catch(() => {}) // whoever waited may have been aborted
  return sent
}
