import type { Connection as JsConnection, Stream as JsStream } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type Clock, type Conn, ConnClosedError, type ConnScope, type ConnStats, type ConnectionState, LimitedConnError, type NewStreamOptions, nullScope, type PeerRef, type ProtocolID, type Stream, systemClock } from '@weir/network'
import { boundedClose } from './bounded-close.ts'
import { ConnStream } from './conn-stream.ts'
import { ADAPTERS_DEFAULTS } from './defaults.ts'
import { checkOptions, pick } from './options.ts'

export interface FromConnectionInit {
  readonly localPeer: PeerRef
  /** What the connection was made from or accepted on: a js connection does not know. */
  readonly localMultiaddr: Multiaddr
  /** What `newStream` negotiates, in the order of preference: js connections open no stream without a protocol. */
  readonly protocols: readonly ProtocolID[]
  /** Where the connection is charged. */
  readonly scope?: ConnScope | undefined
  readonly clock?: Clock | undefined
  /** How long `close` may take before it aborts. */
  readonly closeTimeoutMs?: number | undefined
}

const OTHERS = ['localPeer', 'localMultiaddr', 'protocols', 'scope', 'clock'] as const

/**
 * A js-libp2p `Connection`, as stock js-libp2p hands it out, as a `Conn`. It takes the connection over.
 *
 * js-libp2p negotiates every stream by itself, so each stream of `newStream` has one of `protocols` already, and streams
 * of the remote go to the handlers of js-libp2p: they are not in `streams()`. Codes cannot be sent: `closeWithError` is
 * `close`. Bytes are counted for the streams that were opened here.
 *
 * @throws {TypeError} when the remote's public key is not known: its peer id is a hash, and nobody has seen the key
 */
export function fromConnection (connection: JsConnection, init: FromConnectionInit): Conn {
  const { closeTimeoutMs } = checkOptions('fromConnection', init, pick(ADAPTERS_DEFAULTS, 'closeTimeoutMs'), OTHERS)
  const { publicKey } = connection.remotePeer
  if (publicKey === undefined) throw new TypeError(`fromConnection: the public key of ${connection.remotePeer} is not known`)
  return new JsConn(connection, publicKey, init, closeTimeoutMs)
}

class JsConn implements Conn {
  readonly id: string
  readonly localPeer: PeerRef
  readonly remotePeer: PeerRef
  readonly remotePublicKey: Conn['remotePublicKey']
  readonly localMultiaddr: Multiaddr
  readonly remoteMultiaddr: Multiaddr
  readonly scope: ConnScope

  readonly #connection: JsConnection
  readonly #protocols: string[]
  readonly #clock: Clock
  readonly #closeTimeoutMs: number
  readonly #streams = new Set<ConnStream>()
  #readBytes = 0
  #writtenBytes = 0
  #closing: Promise<void> | undefined

  constructor (connection: JsConnection, publicKey: Conn['remotePublicKey'], init: FromConnectionInit, closeTimeoutMs: number) {
    this.#connection = connection
    this.#protocols = [...init.protocols]
    this.#clock = init.clock ?? systemClock
    this.#closeTimeoutMs = closeTimeoutMs
    this.id = connection.id
    this.localPeer = init.localPeer
    this.remotePeer = connection.remotePeer
    this.remotePublicKey = publicKey
    this.localMultiaddr = init.localMultiaddr
    this.remoteMultiaddr = connection.remoteAddr
    this.scope = init.scope ?? nullScope
  }

  async newStream ({ signal, allowLimitedConn }: NewStreamOptions = {}): Promise<Stream> {
    if (this.isClosed()) throw new ConnClosedError({ remote: this.#closing === undefined })
    if (this.#connection.limits !== undefined && allowLimitedConn === undefined) throw new LimitedConnError(this.remotePeer)
    let js: JsStream
    try {
      js = await this.#connection.newStream(this.#protocols, { ...(signal === undefined ? {} : { signal }), runOnLimitedConnection: allowLimitedConn !== undefined })
    } catch (error) {
      if (this.isClosed()) throw new ConnClosedError({ remote: this.#closing === undefined, cause: error })
      throw error
    }
    const stream = new ConnStream(js, { conn: this, limited: this.#connection.limits !== undefined, clock: this.#clock }, ended => {
      if (!this.#streams.delete(ended)) return
      const { readBytes, writtenBytes } = ended.stat()
      this.#readBytes += readBytes
      this.#writtenBytes += writtenBytes
    })
    this.#streams.add(stream)
    return stream
  }

  streams (): Stream[] {
    return [...this.#streams]
  }

  connState (): ConnectionState {
    const { multiplexer = '', encryption = '' } = this.#connection
    return { streamMultiplexer: multiplexer, security: encryption, transport: '', usedEarlyMuxerNegotiation: false }
  }

  stat (): ConnStats {
    let readBytes = this.#readBytes
    let writtenBytes = this.#writtenBytes
    for (const stream of this.#streams) {
      const stat = stream.stat()
      readBytes += stat.readBytes
      writtenBytes += stat.writtenBytes
    }
    const { direction, timeline, limits } = this.#connection
    return { direction, openedMs: timeline.open, limited: limits !== undefined, readBytes, writtenBytes, extra: new Map(), numStreams: this.#streams.size }
  }

  isClosed (): boolean {
    return this.#closing !== undefined || this.#connection.status !== 'open'
  }

  close (): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  closeWithError (_errorCode: number): Promise<void> {
    return this.close()
  }

  [Symbol.asyncDispose] (): Promise<void> {
    return this.close()
  }

  async #close (): Promise<void> {
    for (const stream of [...this.#streams]) stream.reset()
    await boundedClose(this.#clock, this.#closeTimeoutMs, signal => this.#connection.close({ signal }), cause => { this.#connection.abort(cause) })
  }
}
