import type { Logger } from '@libp2p/interface'
import { handle, type Negotiated } from '@weir/multistream'
import { type Clock, ResourceLimitExceededError, type Stream, StreamErrorCode, type StreamHandler } from '@weir/network'
import { NegotiatedStream } from './negotiated-stream.ts'
import type { ProtocolTable } from './protocol-table.ts'

export interface InboundStreamsInit {
  readonly table: ProtocolTable
  readonly clock: Clock
  readonly timeoutMs: number
  readonly log: Logger
  /** A remote's proposal was taken. Must not throw. */
  onAgreed (stream: Stream): void
}

/**
 * Agrees on a protocol for streams that remotes opened, and runs their handlers.
 *
 * A handler that rejects rejects here: whoever handed the stream in resets it, and that is the only place.
 */
export class InboundStreams {
  readonly #init: InboundStreamsInit
  readonly #open = new Set<Stream>()
  #ended = false

  constructor (init: InboundStreamsInit) {
    this.#init = init
  }

  /** To be called with each stream that has no protocol yet; resolves when its handler has returned. */
  async accept (stream: Stream): Promise<void> {
    if (this.#ended) {
      stream.resetWithError(StreamErrorCode.shutdown)
      return
    }
    this.#open.add(stream)
    try {
      const handler = await this.#negotiate(stream)
      if (handler !== undefined) await handler()
    } finally {
      this.#open.delete(stream)
    }
  }

  /** Resets the streams whose handlers are running, and those to come. */
  end (): void {
    this.#ended = true
    for (const stream of this.#open) stream.resetWithError(StreamErrorCode.shutdown)
  }

  async #negotiate (stream: Stream): Promise<(() => ReturnType<StreamHandler>) | undefined> {
    const { table, clock, timeoutMs, log, onAgreed } = this.#init
    try {
      stream.setDeadline(clock.monotonicMs() + timeoutMs)
      const { protocol, rest } = await handle(stream, table)
      stream.setDeadline()
      const handler = table.handler(protocol)
      if (handler === undefined) throw new Error(`${protocol} was removed while it was agreed on`)
      stream.setProtocol(protocol)
      onAgreed(stream)
      const negotiated = this.#behind(stream, rest)
      return () => handler(negotiated)
    } catch (error) {
      log.trace('negotiation of the inbound stream %s failed - %e', stream.id, error)
      stream.resetWithError(ResourceLimitExceededError.is(error) ? StreamErrorCode.resourceLimitExceeded : StreamErrorCode.protocolNegotiationFailed)
      return undefined
    }
  }

  #behind (stream: Stream, rest: Negotiated['rest']): Stream {
    const { clock, timeoutMs } = this.#init
    return rest.byteLength === 0 ? stream : new NegotiatedStream({ stream, rest, clock, answerTimeoutMs: timeoutMs })
  }
}
