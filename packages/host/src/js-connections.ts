import type { Connection, Logger, PeerId, Stream as JsStream } from '@libp2p/interface'
import { type MirroredConnection, toConnection, toStream } from '@weir/adapters'
import { type Conn, ConnClosedError, type NewStreamOptions, type ProtocolID, ResourceLimitExceededError, type Stream, StreamErrorCode } from '@weir/network'
import { toJsError } from './js-error.ts'
import { admitJsStream, type JsStreamLimits } from './js-protocol-limits.ts'
import type { OutboundNegotiation } from './outbound-negotiation.ts'

export interface JsConnectionsInit {
  readonly negotiation: OutboundNegotiation
  readonly log: Logger
  /** What the service that handles a protocol asked for. */
  limits (protocol: ProtocolID): JsStreamLimits
}

/** The js faces of the network's connections: one each, from its opening to its end. */
export class JsConnections {
  readonly #init: JsConnectionsInit
  readonly #faces = new Map<Conn, MirroredConnection>()
  readonly #byPeer = new Map<string, Set<Connection>>()

  constructor (init: JsConnectionsInit) {
    this.#init = init
  }

  /** Makes the face of a connection that has just opened. */
  add (conn: Conn): Connection {
    const face = toConnection(conn, {
      log: this.#init.log.newScope(conn.id),
      newStream: async (_conn, protocols, options) => await this.#newStream(conn, protocols, options)
    })
    this.#faces.set(conn, face)
    const ofPeer = this.#byPeer.get(face.remotePeer.toString())
    if (ofPeer === undefined) this.#byPeer.set(face.remotePeer.toString(), new Set([face]))
    else ofPeer.add(face)
    return face
  }

  /** Forgets a connection that has ended, whose face says so. */
  delete (conn: Conn): Connection | undefined {
    const face = this.#faces.get(conn)
    if (face === undefined) return undefined
    this.#faces.delete(conn)
    const key = face.remotePeer.toString()
    const ofPeer = this.#byPeer.get(key)
    ofPeer?.delete(face)
    if (ofPeer?.size === 0) this.#byPeer.delete(key)
    face.onClosed()
    return face
  }

  clear (): void {
    this.#faces.clear()
    this.#byPeer.clear()
  }

  /** @throws {ConnClosedError} when it has ended */
  of (conn: Conn): MirroredConnection {
    const face = this.#faces.get(conn)
    if (face === undefined) throw new ConnClosedError({ remote: false })
    return face
  }

  all (peer?: PeerId): Connection[] {
    return [...peer === undefined ? this.#faces.values() : this.#byPeer.get(peer.toString()) ?? []]
  }

  has (peer: PeerId): boolean {
    return this.#byPeer.has(peer.toString())
  }

  /** The js faces of a stream that a remote opened, and of its connection. */
  toJs (stream: Stream): { stream: JsStream, connection: Connection } {
    const connection = this.of(stream.conn)
    const face = toStream(stream, { log: this.#init.log.newScope(stream.id) })
    connection.addStream(face)
    return { stream: face, connection }
  }

  // js services expect newStream to tell them that the remote does not speak the protocol: no optimism here.
  async #newStream (conn: Conn, protocols: readonly ProtocolID[], options: NewStreamOptions): Promise<Stream> {
    try {
      const stream = await this.#init.negotiation.negotiate(await conn.newStream(options), protocols, { signal: options.signal, fully: true })
      this.#admit(stream)
      return stream
    } catch (error) {
      throw toJsError(error)
    }
  }

  #admit (stream: Stream): void {
    const protocol = stream.protocol ?? ''
    try {
      admitJsStream(stream, protocol, 'outbound', this.#init.limits(protocol))
    } catch (error) {
      stream.resetWithError(ResourceLimitExceededError.is(error) ? StreamErrorCode.resourceLimitExceeded : StreamErrorCode.rateLimited)
      throw error
    }
  }
}
