import { lazySelect, ProtocolNotSupportedError, select } from '@weir/multistream'
import { type Clock, type PeerRef, type Peerstore, type ProtocolID, ResourceLimitExceededError, type Stream, StreamErrorCode } from '@weir/network'
import { NegotiatedStream } from './negotiated-stream.ts'

export interface OutboundNegotiationInit {
  readonly peerstore: Peerstore
  readonly clock: Clock
  readonly timeoutMs: number
  /** The remote agreed to a protocol. Must not throw. */
  onAgreed (peer: PeerRef, protocol: ProtocolID): void
}

export interface NegotiateOptions {
  readonly signal?: AbortSignal | undefined
  /** Waits for the remote's yes, even where the peerstore knows what it speaks. */
  readonly fully?: boolean | undefined
}

/**
 * Agrees on a protocol for streams that were opened here: at once where the peerstore knows one that the remote speaks, with
 * the proposal travelling along, and otherwise by asking. What it learns it puts into the peerstore.
 *
 * A stream that it fails on is reset, with a code that says whether a limit or the negotiation was it.
 *
 * @see reference/go-libp2p.md 6, "BasicHost.NewStream"
 */
export class OutboundNegotiation {
  readonly #init: OutboundNegotiationInit

  constructor (init: OutboundNegotiationInit) {
    this.#init = init
  }

  /** Takes the stream over: it ends with the result, or here. @throws what failed */
  async negotiate (stream: Stream, protocols: readonly ProtocolID[], { signal, fully = false }: NegotiateOptions = {}): Promise<Stream> {
    try {
      signal?.throwIfAborted()
      const known = fully ? undefined : this.#init.peerstore.firstSupportedProtocol(stream.conn.remotePeer, ...protocols)
      return known === undefined ? await this.#ask(stream, protocols, signal) : this.#expect(stream, known)
    } catch (error) {
      stream.resetWithError(ResourceLimitExceededError.is(error) ? StreamErrorCode.resourceLimitExceeded : StreamErrorCode.protocolNegotiationFailed)
      throw error
    }
  }

  async #ask (stream: Stream, protocols: readonly ProtocolID[], signal: AbortSignal | undefined): Promise<Stream> {
    const { clock, peerstore, timeoutMs, onAgreed } = this.#init
    const peer = stream.conn.remotePeer
    stream.setDeadline(clock.monotonicMs() + timeoutMs)
    const { protocol, rest } = await this.#selected(stream, protocols, signal)
    stream.setDeadline()
    stream.setProtocol(protocol)
    peerstore.addProtocols(peer, protocol)
    onAgreed(peer, protocol)
    return rest.byteLength === 0 ? stream : new NegotiatedStream({ stream, rest, clock, answerTimeoutMs: timeoutMs })
  }

  async #selected (stream: Stream, protocols: readonly ProtocolID[], signal: AbortSignal | undefined): ReturnType<typeof select> {
    try {
      return await select(stream, protocols, { signal })
    } catch (error) {
      if (ProtocolNotSupportedError.is(error)) this.#init.peerstore.removeProtocols(stream.conn.remotePeer, ...protocols)
      throw error
    }
  }

  #expect (stream: Stream, protocol: ProtocolID): Stream {
    const { clock, peerstore, timeoutMs } = this.#init
    const lazy = lazySelect(protocol)
    stream.setProtocol(protocol)
    const peer = stream.conn.remotePeer
    return new NegotiatedStream({ stream, lazy, clock, answerTimeoutMs: timeoutMs, onRefused: () => { peerstore.removeProtocols(peer, protocol) } })
  }
}
