import type { AbortOptions, Connection, Stream as JsStream, StreamHandler as JsStreamHandler, StreamHandlerOptions, StreamHandlerRecord, StreamMiddleware, Topology } from '@libp2p/interface'
import type { Registrar } from '@libp2p/interface-internal'
import { type ProtocolID, type Stream, StreamErrorCode } from '@weir/network'
import { JS_STREAM_DEFAULTS } from './defaults.ts'
import { DuplicateProtocolHandlerError, NotOfferedError, UnhandledProtocolError } from './errors.ts'
import { admitJsStream, type JsStreamLimits } from './js-protocol-limits.ts'
import type { JsTopologies } from './js-topologies.ts'
import type { ProtocolTable } from './protocol-table.ts'
import type { SelfPeer } from './self-peer.ts'

export interface JsRegistrarInit {
  readonly table: ProtocolTable
  readonly topologies: JsTopologies
  readonly selfPeer: SelfPeer
  /** The js faces of a stream and its connection. */
  toJs (stream: Stream): { stream: JsStream, connection: Connection }
}

/**
 * Registers the handlers of js services among the host's own. A protocol that the host has a handler of its own for is not
 * taken away without `force`.
 *
 * @see reference/js-libp2p.md 2.1
 */
export class JsRegistrar implements Registrar {
  readonly #init: JsRegistrarInit
  readonly #records = new Map<ProtocolID, StreamHandlerRecord>()

  constructor (init: JsRegistrarInit) {
    this.#init = init
  }

  getProtocols (): ProtocolID[] {
    return this.#init.table.list()
  }

  async handle (protocol: ProtocolID, handler: JsStreamHandler, options: StreamHandlerOptions = {}): Promise<void> {
    const { table, selfPeer } = this.#init
    options.signal?.throwIfAborted()
    if (options.force !== true && table.isExact(protocol)) throw new DuplicateProtocolHandlerError(protocol)
    const record = { handler, options: { ...JS_STREAM_DEFAULTS, ...options } }
    this.#records.set(protocol, record)
    table.set(protocol, async stream => { await this.#run(record, protocol, stream) })
    await selfPeer.settled() // identify answers from there: it must not forget what was just registered
  }

  async unhandle (protocol: ProtocolID, _options?: AbortOptions): Promise<void> {
    const { table, selfPeer } = this.#init
    if (!this.#records.delete(protocol)) return
    table.remove(protocol)
    await selfPeer.settled()
  }

  getHandler (protocol: ProtocolID): StreamHandlerRecord {
    const record = this.#records.get(protocol)
    if (record === undefined) throw new UnhandledProtocolError(protocol)
    return record
  }

  /** What the service that handles a protocol asked for. */
  limits (protocol: ProtocolID): JsStreamLimits {
    return this.#records.get(protocol)?.options ?? {}
  }

  /** Not offered, as in js-libp2p it does not work for inbound streams. @see reference/js-libp2p.md 3.5, "Traps" */
  use (_protocol: ProtocolID, _middleware: StreamMiddleware[]): void {
    throw new NotOfferedError('registrar.use', 'wrap the handler')
  }

  unuse (_protocol: ProtocolID): void {}

  getMiddleware (_protocol: ProtocolID): StreamMiddleware[] {
    return []
  }

  async register (protocol: ProtocolID, topology: Topology, _options?: AbortOptions): Promise<string> {
    return this.#init.topologies.add(protocol, topology)
  }

  unregister (id: string): void {
    this.#init.topologies.remove(id)
  }

  getTopologies (protocol: ProtocolID): Topology[] {
    return this.#init.topologies.of(protocol)
  }

  async #run ({ handler, options }: StreamHandlerRecord, protocol: ProtocolID, stream: Stream): Promise<void> {
    if (stream.conn.stat().limited && options.runOnLimitedConnection !== true) {
      stream.resetWithError(StreamErrorCode.gated)
      return
    }
    admitJsStream(stream, protocol, 'inbound', options)
    const js = this.#init.toJs(stream)
    await handler(js.stream, js.connection)
  }
}
