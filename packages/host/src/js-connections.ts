import type { Connection, Logger, NewStreamOptions as JsNewStreamOptions, PeerId, Stream as JsStream } from '@libp2p/interface'
import { toConnection, toStream } from '@weir/adapters'
import { type Conn, ConnClosedError, type ProtocolID, ResourceLimitExceededError, type Stream, StreamErrorCode } from '@weir/network'
import { toPeerId } from './connect-target.ts'
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
  readonly #faces = new Map<Conn, Connection>()

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
    return face
  }

  /** Forgets a connection that has ended. */
  delete (conn: Conn): Connection | undefined {
    const face = this.#faces.get(conn)
    this.#faces.delete(conn)
    return face
  }

  clear (): void {
    this.#faces.clear()
  }

  /** @throws {ConnClosedError} when it has ended */
  of (conn: Conn): Connection {
    const face = this.#faces.get(conn)
    if (face === undefined) throw new ConnClosedError({ remote: false })
    return face
  }

  all (peer?: PeerId): Connection[] {
    const faces = [...this.#faces.values()]
    return peer === undefined ? faces : faces.filter(({ remotePeer }) => remotePeer.equals(peer))
  }

  has (peer: PeerId): boolean {
    return this.#faces.keys().some(conn => toPeerId(conn.remotePeer).equals(peer))
  }

  /** The js faces of a stream that a remote opened, and of its connection. */
  toJs (stream: Stream): { stream: JsStream, connection: Connection } {
    return { stream: toStream(stream, { log: this.#init.log.newScope(stream.id) }), connection: this.of(stream.conn) }
  }

  async #newStream (conn: Conn, protocols: readonly ProtocolID[], options: JsNewStreamOptions): Promise<Stream> {
    const { negotiation, limits } = this.#init
    const { signal, maxOutboundStreams, negotiateFully = true, runOnLimitedConnection = false } = options
    try {
      const opened = await conn.newStream({ signal, allowLimitedConn: runOnLimitedConnection ? 'asked for by a js service' : undefined })
      // js services expect newStream to tell them that the remote does not speak the protocol.
      const stream = await negotiation.negotiate(opened, protocols, { signal, fully: negotiateFully })
      this.#admit(stream, { ...limits(stream.protocol ?? ''), ...(maxOutboundStreams === undefined ? {} : { maxOutboundStreams }) })
      return stream
    } catch (error) {
      throw toJsError(error)
    }
  }

  #admit (stream: Stream, limits: JsStreamLimits): void {
    try {
      admitJsStream(stream, stream.protocol ?? '', 'outbound', limits)
    } catch (error) {
      stream.resetWithError(ResourceLimitExceededError.is(error) ? StreamErrorCode.resourceLimitExceeded : StreamErrorCode.rateLimited)
      throw error
    }
  }
}
