import { randomBytes } from 'node:crypto'
import { type PeerRef, ReservationPriority, type Stream } from '@weir/network'
import { checkDurationMs, checkKeys } from './check-options.ts'
import { PING_DEFAULTS } from './defaults.ts'
import { PingPayloadError, UnexpectedStreamEndError } from './errors.ts'
import { ExactReader } from './exact-reader.ts'
import type { Host } from './host.ts'

/** The protocol of ping: 32 bytes there, the same bytes back. @see reference/go-libp2p.md 6, "Ping" */
export const PING_PROTOCOL = '/ipfs/ping/1.0.0'

const PING_SERVICE = 'libp2p.ping'

export interface PingOptions {
  readonly signal?: AbortSignal | undefined
  /** How long one ping may take, the connection not included. @defaultValue `PING_DEFAULTS.timeoutMs` */
  readonly timeoutMs?: number | undefined
  /** The bytes that are sent; they should not be foreseeable. @defaultValue those of `node:crypto` */
  readonly randomBytes?: ((length: number) => Uint8Array) | undefined
}

async function answerPings (host: Host, stream: Stream): Promise<void> {
  const { payloadBytes, responderTotalMs, responderIdleMs } = PING_DEFAULTS
  stream.scope.setService(PING_SERVICE)
  stream.scope.reserveMemory(payloadBytes, ReservationPriority.always)
  const endMs = host.clock.monotonicMs() + responderTotalMs
  const reader = new ExactReader(stream)
  while (true) {
    stream.setDeadline(Math.min(endMs, host.clock.monotonicMs() + responderIdleMs))
    const payload = await reader.read(payloadBytes)
    if (payload === undefined) break
    await stream.write(payload)
  }
  await stream.close()
}

/**
 * Answers pings, each stream for 30 seconds at most and with no more than 10 seconds between two of them.
 *
 * @returns what ends it
 */
export function registerPing (host: Host): Disposable {
  host.setStreamHandler(PING_PROTOCOL, async stream => { await answerPings(host, stream) })
  return { [Symbol.dispose]: () => { host.removeStreamHandler(PING_PROTOCOL) } }
}

/** One stream to ping on, and how old it is. */
class PingStream {
  readonly #host: Host
  readonly #stream: Stream
  readonly #reader: ExactReader
  readonly #openedMs: number
  #lastMs: number

  static async open (host: Host, peer: PeerRef, signal: AbortSignal | undefined): Promise<PingStream> {
    const stream = await host.newStream(peer, PING_PROTOCOL, { signal, allowLimitedConn: 'ping' })
    try {
      stream.scope.setService(PING_SERVICE)
      stream.scope.reserveMemory(2 * PING_DEFAULTS.payloadBytes, ReservationPriority.always)
      return new PingStream(host, stream)
    } catch (error) {
      stream.reset()
      throw error
    }
  }

  private constructor (host: Host, stream: Stream) {
    this.#host = host
    this.#stream = stream
    this.#reader = new ExactReader(stream)
    this.#openedMs = host.clock.monotonicMs()
    this.#lastMs = this.#openedMs
  }

  /** Whether the responder is sure to answer on it still. */
  get isFresh (): boolean {
    const nowMs = this.#host.clock.monotonicMs()
    return nowMs - this.#openedMs < PING_DEFAULTS.reuseTotalMs && nowMs - this.#lastMs < PING_DEFAULTS.reuseIdleMs
  }

  /** @returns the round trip in milliseconds; resets the stream when it throws */
  async ping (payload: Uint8Array, timeoutMs: number, signal: AbortSignal | undefined): Promise<number> {
    const { clock, network } = this.#host
    const peer = this.#stream.conn.remotePeer
    const startMs = clock.monotonicMs()
    try {
      this.#stream.setDeadline(startMs + timeoutMs)
      await this.#stream.write(payload, { signal })
      const answer = await this.#reader.read(payload.byteLength, { signal })
      if (answer === undefined) throw new UnexpectedStreamEndError({ expectedBytes: payload.byteLength, receivedBytes: 0 })
      if (Buffer.compare(answer, payload) !== 0) throw new PingPayloadError(peer)
    } catch (error) {
      this.#stream.reset()
      throw error
    }
    this.#stream.setDeadline() // the caller may wait as long as it likes
    this.#lastMs = clock.monotonicMs()
    const rttMs = this.#lastMs - startMs
    network.peerstore.recordLatency(peer, rttMs)
    return rttMs
  }

  async close (): Promise<void> {
    await this.#stream[Symbol.asyncDispose]()
  }
}

/**
 * Pings a peer again and again, each time the next round trip is asked for; waits in between are the caller's. Dials when there
 * is no connection. Many pings share one stream; it is closed when the caller leaves the loop.
 *
 * @returns round trips in milliseconds, without end; each is recorded in the peerstore
 * @throws {PingPayloadError} when other bytes come back
 * @throws {UnexpectedStreamEndError} when the peer ends the stream instead of answering
 * @throws {DeadlineExceededError} when the answer takes too long
 * @throws what `host.newStream` throws
 */
export async function * pings (host: Host, peer: PeerRef, options: PingOptions = {}): AsyncGenerator<number, never> {
  checkKeys('ping', options, ['signal', 'timeoutMs', 'randomBytes'])
  const { signal, randomBytes: random = randomBytes } = options
  const timeoutMs = checkDurationMs('timeoutMs', options.timeoutMs ?? PING_DEFAULTS.timeoutMs)
  let stream: PingStream | undefined
  try {
    while (true) {
      if (stream?.isFresh === false) {
        await stream.close()
        stream = undefined
      }
      stream ??= await PingStream.open(host, peer, signal)
      yield await stream.ping(random(PING_DEFAULTS.payloadBytes), timeoutMs, signal)
    }
  } finally {
    await stream?.close()
  }
}

/** Pings a peer once. @returns the round trip in milliseconds @throws as `pings` does */
export async function ping (host: Host, peer: PeerRef, options: PingOptions = {}): Promise<number> {
  for await (const rttMs of pings(host, peer, options)) return rttMs
  throw new Error('unreachable: pings has no end')
}
