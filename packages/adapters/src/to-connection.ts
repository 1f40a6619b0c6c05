import { type AbortOptions, type Connection as JsConnection, type ConnectionLimits, type ConnectionStatus, ConnectionClosedError, connectionSymbol, isPeerId, LimitedConnectionError, type Logger, type MessageStreamDirection, type MessageStreamEvents, type MultiaddrConnectionTimeline, type NewStreamOptions as JsNewStreamOptions, type PeerId, type Stream as JsStream, StreamCloseEvent, TypedEventEmitter } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type Conn, ConnClosedError, LimitedConnError, type NewStreamOptions, type ProtocolID, type Stream } from '@weir/network'
import { abortable } from './abortable.ts'
import { checkOptions } from './options.ts'
import { toStream } from './to-stream.ts'

export interface ToConnectionInit {
  readonly log: Logger
  /** Opens a stream on the connection and negotiates one of the protocols on it. */
  newStream (conn: Conn, protocols: ProtocolID[], options: NewStreamOptions): Promise<Stream>
}

/** A js-libp2p connection, and how its maker keeps it true. */
export interface MirroredConnection extends JsConnection {
  /** The connection below has ended: says so to those who listen. The second time it does nothing. */
  onClosed (error?: Error): void
  /** A stream that was not opened here, such as one of the remote's: it stands in `streams` until it closes. */
  addStream (stream: JsStream): void
}

/**
 * A `Conn` as a js-libp2p `Connection`. It does not own the `Conn`, but its `close` and `abort` end it.
 *
 * A `Conn` tells nobody when it ends; its network does. So whoever makes this calls `onClosed` from there, and `addStream`
 * for each stream of the remote that it hands out.
 *
 * Errors that js-libp2p has a name for get it: `ConnectionClosedError`, `LimitedConnectionError`, with the original as
 * their cause. The options `maxOutboundStreams` and `negotiateFully` have no meaning here and are ignored.
 *
 * @throws {TypeError} when the remote peer is no libp2p peer
 */
export function toConnection (conn: Conn, init: ToConnectionInit): MirroredConnection {
  checkOptions('toConnection', init, {}, ['log', 'newStream'])
  const peer: unknown = conn.remotePeer
  if (!isPeerId(peer)) throw new TypeError(`toConnection: ${conn.remotePeer} is not a libp2p peer id`)
  return new ConnConnection(conn, peer, init)
}

class ConnConnection extends TypedEventEmitter<MessageStreamEvents> implements MirroredConnection {
  readonly [Symbol.toStringTag]: string = 'Connection'
  readonly [connectionSymbol]: boolean = true

  readonly id: string
  readonly remoteAddr: Multiaddr
  readonly remotePeer: PeerId
  readonly direction: MessageStreamDirection
  readonly timeline: MultiaddrConnectionTimeline
  readonly multiplexer: string
  readonly encryption: string
  readonly direct: boolean
  readonly limits?: ConnectionLimits
  readonly log: Logger
  streams: JsStream[] = []
  status: ConnectionStatus = 'open'

  readonly #conn: Conn
  readonly #newStream: ToConnectionInit['newStream']

  constructor (conn: Conn, remotePeer: PeerId, { log, newStream }: ToConnectionInit) {
    super()
    this.#conn = conn
    this.#newStream = newStream
    const { direction, openedMs, limited } = conn.stat()
    const { streamMultiplexer, security } = conn.connState()
    const components = conn.remoteMultiaddr.getComponents()
    this.id = conn.id
    this.remotePeer = remotePeer
    this.remoteAddr = components.some(({ name }) => name === 'p2p') && components.at(-1)?.name === 'p2p' ? conn.remoteMultiaddr : conn.remoteMultiaddr.encapsulate(`/p2p/${remotePeer}`)
    this.direction = direction === 'inbound' ? 'inbound' : 'outbound'
    this.timeline = { open: openedMs, upgraded: openedMs }
    this.multiplexer = streamMultiplexer
    this.encryption = security
    this.direct = !components.some(({ name }) => name === 'p2p-circuit')
    if (limited) this.limits = {}
    this.log = log
  }

  async newStream (protocols: string | string[], { signal, runOnLimitedConnection }: JsNewStreamOptions = {}): Promise<JsStream> {
    if (this.status !== 'open') throw new ConnectionClosedError(`the connection is ${this.status}`)
    const options: NewStreamOptions = runOnLimitedConnection === true ? { signal, allowLimitedConn: 'asked for by a js-libp2p service' } : { signal }
    let stream: Stream
    try {
      stream = await this.#newStream(this.#conn, typeof protocols === 'string' ? [protocols] : protocols, options)
    } catch (error) {
      throw inJsTerms(error)
    }
    const js = toStream(stream, { log: this.log })
    this.addStream(js)
    return js
  }

  addStream (stream: JsStream): void {
    if (stream.status === 'closed' || stream.status === 'aborted' || stream.status === 'reset') return
    this.streams.push(stream)
    stream.addEventListener('close', () => {
      const at = this.streams.indexOf(stream)
      if (at !== -1) this.streams.splice(at, 1)
    })
  }

  async close ({ signal }: AbortOptions = {}): Promise<void> {
    if (this.status === 'open') this.status = 'closing'
    await abortable(this.#conn.close(), signal)
    this.#ended('closed', new StreamCloseEvent(true))
  }

  abort (error: Error): void {
    this.#conn.close().catch((cause: unknown) => { this.log.error('closing the connection failed - %e', cause) })
    this.#ended('aborted', new StreamCloseEvent(true, error))
  }

  onClosed (error?: Error): void {
    this.#ended(error === undefined ? 'closed' : 'reset', new StreamCloseEvent(this.status === 'closing', error))
  }

  #ended (status: ConnectionStatus, event: StreamCloseEvent): void {
    if (this.status !== 'open' && this.status !== 'closing') return
    this.status = status
    this.timeline.close = Date.now()
    this.dispatchEvent(event)
  }
}

function inJsTerms (error: unknown): unknown {
  if (ConnClosedError.is(error)) return Object.assign(new ConnectionClosedError(error.message), { cause: error })
  if (LimitedConnError.is(error)) return Object.assign(new LimitedConnectionError(error.message), { cause: error })
  return error
}
