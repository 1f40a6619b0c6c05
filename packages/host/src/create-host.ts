import type { Logger, PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { Multiaddr } from '@multiformats/multiaddr'
import { nullLogger } from '@weir/adapters'
import {
  ADDRESS_TTL_MS, type Clock, type Conn, type DialPeerOptions, type Network, type NewStreamOptions, type Notifiee, notifyBundle, type PeerRef, type ProtocolID,
  type Stream, StreamErrorCode, type StreamHandler, systemClock
} from '@weir/network'
import { MemoryDatastore } from 'datastore-core'
import { checkDurationMs, checkKeys } from './check-options.ts'
import { type ConnectTarget, resolveTarget } from './connect-target.ts'
import { HOST_DEFAULTS } from './defaults.ts'
import { HostClosedError } from './errors.ts'
import type { Host, HostInit, ServiceFactories } from './host.ts'
import type { HostComponents } from './host-components.ts'
import { InboundStreams } from './inbound-streams.ts'
import { JsLayer } from './js-layer.ts'
import { OutboundNegotiation } from './outbound-negotiation.ts'
import { ProtocolTable } from './protocol-table.ts'
import { startServices, stopServices } from './service-lifecycle.ts'

const INIT_KEYS = ['network', 'privateKey', 'services', 'clock', 'logger', 'datastore', 'userAgent', 'negotiationTimeoutMs', 'upgrader']
const DIAL_KEYS = ['signal', 'dialPeerTimeoutMs', 'forceDirectDial', 'priority', 'simultaneousConnect']
const STREAM_KEYS = [...DIAL_KEYS, 'noDial', 'allowLimitedConn']

class NetworkHost<S extends object> implements Host<S> {
  readonly network: Network
  readonly peer: PeerId
  readonly clock: Clock
  readonly services: S
  readonly #log: Logger
  readonly #table = new ProtocolTable()
  readonly #negotiation: OutboundNegotiation
  readonly #inbound: InboundStreams
  readonly #js: JsLayer
  readonly #notifiee: Notifiee
  #starting: Promise<void> | undefined
  #servicesRun = false
  #closing: Promise<void> | undefined

  constructor (init: HostInit<S>) {
    const { network, privateKey, clock = systemClock, logger = nullLogger, datastore = new MemoryDatastore(), userAgent = HOST_DEFAULTS.userAgent, upgrader = { getStreamMuxers: () => new Map() } } = init
    const timeoutMs = checkDurationMs('negotiationTimeoutMs', init.negotiationTimeoutMs ?? HOST_DEFAULTS.negotiationTimeoutMs)
    this.network = network
    this.clock = clock
    this.peer = peerIdFromPrivateKey(privateKey)
    if (this.peer.toString() !== network.localPeer.toString()) throw new TypeError(`privateKey is that of ${this.peer}, the network is that of ${network.localPeer}`)
    this.#log = logger.forComponent('weir:host')
    this.#negotiation = new OutboundNegotiation({ peerstore: network.peerstore, clock, timeoutMs, onAgreed: (peer, protocol) => { this.#js.agreed(peer, protocol) } })
    this.#inbound = new InboundStreams({ table: this.#table, clock, timeoutMs, log: this.#log, onAgreed: stream => { this.#agreedInbound(stream) } })
    this.#js = new JsLayer({
      network, privateKey, clock, logger, datastore, userAgent, upgrader, peerId: this.peer, table: this.#table, negotiation: this.#negotiation,
      addrs: () => this.addrs(), connect: async (target, options) => await this.connect(target, options)
    })
    this.services = makeServices(init.services, this.components)
    this.#notifiee = notifyBundle({
      listen: () => { this.#js.selfChanged() },
      listenClose: () => { this.#js.selfChanged() },
      connected: (_network, conn) => { this.#js.connected(conn) },
      disconnected: (_network, conn) => { this.#js.disconnected(conn) }
    })
    network.notify(this.#notifiee)
    network.setStreamHandler(async stream => { await this.#inbound.accept(stream) })
    for (const conn of network.conns()) this.#js.connected(conn)
  }

  get components (): HostComponents {
    return this.#js.components
  }

  setStreamHandler (protocol: ProtocolID, handler: StreamHandler): void {
    this.#assertOpen()
    this.#table.set(protocol, handler)
  }

  setStreamHandlerMatch (protocol: ProtocolID, match: (id: ProtocolID) => boolean, handler: StreamHandler): void {
    this.#assertOpen()
    this.#table.setMatch(protocol, match, handler)
  }

  removeStreamHandler (protocol: ProtocolID): void {
    this.#table.remove(protocol)
  }

  protocols (): ProtocolID[] {
    return this.#table.list()
  }

  addrs (): Multiaddr[] {
    return this.network.interfaceListenAddresses().map(addr => addr.encapsulate(`/p2p/${this.peer}`))
  }

  async connect (target: ConnectTarget, options: DialPeerOptions = {}): Promise<Conn> {
    this.#assertOpen()
    checkKeys('connect', options, DIAL_KEYS)
    const { peer, addrs } = resolveTarget(target)
    if (addrs.length > 0) this.network.peerstore.addAddrs(peer, addrs, ADDRESS_TTL_MS.temporary)
    return await this.network.dialPeer(peer, options)
  }

  async newStream (peer: PeerRef, protocols: ProtocolID | readonly ProtocolID[], options: NewStreamOptions = {}): Promise<Stream> {
    this.#assertOpen()
    checkKeys('newStream', options, STREAM_KEYS)
    const wanted = typeof protocols === 'string' ? [protocols] : protocols
    if (wanted.length === 0) throw new RangeError('give at least one protocol')
    const stream = await this.network.newStream(peer, options)
    return await this.#negotiation.negotiate(stream, wanted, { signal: options.signal })
  }

  async start (): Promise<void> {
    this.#assertOpen()
    this.#starting ??= this.#start()
    await this.#starting
  }

  async close (): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }

  async #start (): Promise<void> {
    this.#servicesRun = true
    try {
      await startServices(this.services)
      await this.#js.settled()
    } catch (error) {
      await this.#stopServices()
      throw error
    }
  }

  async #stopServices (): Promise<void> {
    if (!this.#servicesRun) return
    this.#servicesRun = false
    await stopServices(this.services, this.#log)
  }

  async #close (): Promise<void> {
    await this.#starting?.catch(() => {}) // told to whoever started
    await this.#stopServices()
    this.network.stopNotify(this.#notifiee)
    this.network.setStreamHandler(stream => { stream.resetWithError(StreamErrorCode.shutdown) })
    this.#inbound.end()
    this.#table.clear()
    this.#js.end()
  }

  // A name that only a matcher takes was made up by the remote: there is no end to those.
  #agreedInbound (stream: Stream): void {
    if (stream.protocol !== undefined && this.#table.isExact(stream.protocol)) this.#js.agreed(stream.conn.remotePeer, stream.protocol)
  }

  #assertOpen (): void {
    if (this.#closing !== undefined) throw new HostClosedError()
  }
}

function makeServices<S extends object> (factories: ServiceFactories<S> | undefined, components: HostComponents): S {
  const entries = Object.entries<(components: HostComponents) => unknown>(factories ?? {})
  return Object.fromEntries(entries.map(([name, make]) => [name, make(components)])) as S
}

/**
 * Makes a host of a network, and takes the network's streams from now on. It owns neither the network nor anything else that
 * is handed in.
 *
 * @throws {TypeError} at an option that is not known, or a key that is not the network's
 * @throws {RangeError} at a number out of range
 */
export function createHost<S extends object = object> (init: HostInit<S>): Host<S> {
  checkKeys('createHost', init, INIT_KEYS)
  return new NetworkHost(init)
}
