import type { ProtocolID } from '@weir/network'
import { checkProtocols } from './check-protocols.ts'
import { MULTISTREAM_DEFAULTS } from './defaults.ts'
import { encodeMessages } from './encode-messages.ts'
import { NegotiationError, ProtocolNotSupportedError } from './errors.ts'
import { MessageDecoder } from './message-decoder.ts'
import { MULTISTREAM_HEADER, NOT_AVAILABLE } from './wire-words.ts'

/**
 * The state of one optimistic negotiation: a dialer who expects a yes sends its first bytes along with the proposal.
 *
 * It does no I/O. Its owner puts `prefix` in front of the first bytes written (and sends it alone when the writing side closes
 * before any), and gives everything read to `feed` until it is done. A no is learned only then: what was written is lost.
 */
export interface LazySelect {
  readonly protocol: ProtocolID
  /** The header and the proposal. */
  readonly prefix: Uint8Array
  /**
   * Takes the bytes read, in the order read, cut anywhere.
   *
   * @returns whether the answer is complete, and the bytes behind it, which belong to the protocol (a view, empty when there are
   *   none). Once it is done it gives back all it is fed.
   * @throws {ProtocolNotSupportedError} when the remote refused
   * @throws {NegotiationError} when the remote does not keep to the protocol
   *   After a throw every later call throws the same.
   */
  feed (bytes: Uint8Array): { readonly done: boolean, readonly rest: Uint8Array }
  /**
   * To be called at the end of the stream.
   *
   * @throws {NegotiationError} `unexpected-end` when the answer is not complete; what `feed` has thrown, if it has
   */
  end (): void
}

const EMPTY = new Uint8Array(0)

class LazyNegotiation implements LazySelect {
  readonly protocol: ProtocolID
  readonly prefix: Uint8Array
  #decoder: MessageDecoder | undefined
  #headerSeen = false
  #failure: Error | undefined

  constructor (protocol: ProtocolID) {
    this.protocol = protocol
    this.prefix = encodeMessages([MULTISTREAM_HEADER, protocol])
    this.#decoder = new MessageDecoder(MULTISTREAM_DEFAULTS.maxMessageBytes)
  }

  feed (bytes: Uint8Array): { readonly done: boolean, readonly rest: Uint8Array } {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#decoder === undefined) return { done: true, rest: bytes }
    try {
      return this.#advance(this.#decoder, bytes)
    } catch (error) {
      this.#failure = error as Error
      throw error
    }
  }

  end (): void {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#decoder === undefined) return
    this.#failure = new NegotiationError('unexpected-end')
    throw this.#failure
  }

  #advance (decoder: MessageDecoder, bytes: Uint8Array): { readonly done: boolean, readonly rest: Uint8Array } {
    decoder.push(bytes)
    for (let message = decoder.next(); message !== undefined; message = decoder.next()) {
      if (!this.#headerSeen) {
        if (message !== MULTISTREAM_HEADER) throw new NegotiationError('bad-header')
        this.#headerSeen = true
      } else if (message === this.protocol) {
        this.#decoder = undefined
        return { done: true, rest: decoder.takeRest() }
      } else if (message === NOT_AVAILABLE) {
        throw new ProtocolNotSupportedError([this.protocol])
      } else {
        throw new NegotiationError('unexpected-answer')
      }
    }
    return { done: false, rest: EMPTY }
  }
}

/**
 * Begins an optimistic negotiation of one protocol.
 *
 * @throws {RangeError} when it is no protocol
 * @see reference/go-libp2p.md 6, "optimistic lazy multistream"
 */
export function lazySelect (protocol: ProtocolID): LazySelect {
  checkProtocols([protocol], MULTISTREAM_DEFAULTS.maxMessageBytes)
  return new LazyNegotiation(protocol)
}
