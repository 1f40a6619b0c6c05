import type { ComponentLogger, Logger, PeerId, PrivateKey, Upgrader } from '@libp2p/interface'
import { persistentPeerStore } from '@libp2p/peer-store'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock, Conn, DialPeerOptions, Network, PeerRef, ProtocolID } from '@weir/network'
import type { Datastore } from 'interface-datastore'
import { type ConnectTarget, toPeerId } from './connect-target.ts'
import type { HostComponents } from './host-components.ts'
import { IdentifyMemory } from './identify-memory.ts'
import { JsAddressManager } from './js-address-manager.ts'
import { JsConnectionManager } from './js-connection-manager.ts'
import { JsConnections } from './js-connections.ts'
import { JsRegistrar } from './js-registrar.ts'
import { JsTopologies } from './js-topologies.ts'
import type { OutboundNegotiation } from './outbound-negotiation.ts'
import { PeerStoreKeeper } from './peer-store-keeper.ts'
import type { ProtocolTable } from './protocol-table.ts'
import { SafeEvents } from './safe-events.ts'
import { SelfPeer } from './self-peer.ts'

export interface JsLayerInit {
  readonly network: Network
  readonly peerId: PeerId
  readonly privateKey: PrivateKey
  readonly clock: Clock
  readonly logger: ComponentLogger
  readonly datastore: Datastore
  readonly userAgent: string
  readonly upgrader: Pick<Upgrader, 'getStreamMuxers'>
  readonly table: ProtocolTable
  readonly negotiation: OutboundNegotiation
  addrs (): Multiaddr[]
  connect (target: ConnectTarget, options?: DialPeerOptions): Promise<Conn>
}

/**
 * Shows the network to js-libp2p services: makes their components, and turns what happens in the network into the events they
 * wait for.
 *
 * @see reference/js-libp2p.md 2.3
 */
export class JsLayer {
  readonly components: HostComponents
  readonly #log: Logger
  readonly #events: SafeEvents
  readonly #connections: JsConnections
  readonly #keeper: PeerStoreKeeper
  readonly #selfPeer: SelfPeer
  readonly #topologies: JsTopologies
  readonly #memory: IdentifyMemory

  constructor (init: JsLayerInit) {
    const { network, peerId, privateKey, clock, logger, datastore, userAgent, upgrader, table, negotiation, connect } = init
    this.#log = logger.forComponent('weir:host:js')
    this.#events = new SafeEvents(this.#log)
    const events = this.#events
    const peerStore = persistentPeerStore({ peerId, datastore, events, logger })
    this.#keeper = new PeerStoreKeeper({ peerStore, log: this.#log })
    this.#topologies = new JsTopologies(this.#log)
    this.#memory = new IdentifyMemory(network)
    const addressManager = new JsAddressManager({ clock, listenAddrs: init.addrs, changed: () => { this.selfChanged() } })
    this.#selfPeer = new SelfPeer({ peerId, peerStore, log: this.#log, protocols: () => table.list(), addrs: () => addressManager.getAddresses() })
    const connections = new JsConnections({ negotiation, log: this.#log, limits: protocol => registrar.limits(protocol) })
    const registrar = new JsRegistrar({ table, topologies: this.#topologies, selfPeer: this.#selfPeer, toJs: stream => connections.toJs(stream) })
    this.#connections = connections
    this.components = Object.freeze({
      peerId, privateKey, logger, events, datastore, peerStore, upgrader, registrar, addressManager,
      nodeInfo: { name: 'weir', version: userAgent.split('/')[1] ?? '', userAgent },
      connectionManager: new JsConnectionManager({ network, connections, connect })
    })
    events.addEventListener('peer:identify', ({ detail }) => {
      this.#memory.learned(detail, detail.connection.remoteAddr)
      this.#topologies.identified(detail)
    })
    events.addEventListener('peer:update', ({ detail }) => { this.#topologies.updated(detail) })
    table.onChange(() => { this.selfChanged() })
    this.selfChanged()
  }

  /** Our protocols or addresses have changed. */
  selfChanged (): void {
    this.#selfPeer.changed()
  }

  /** Resolves when the services know what we speak and where we listen. */
  async settled (): Promise<void> {
    await this.#selfPeer.settled()
  }

  connected (conn: Conn): void {
    const peer = toPeerId(conn.remotePeer)
    const isFirst = !this.#connections.has(peer)
    this.#keeper.connected(peer)
    const face = this.#connections.add(conn)
    this.#events.safeDispatchEvent('connection:open', { detail: face })
    if (isFirst) this.#events.safeDispatchEvent('peer:connect', { detail: peer })
  }

  disconnected (conn: Conn): void {
    const face = this.#connections.delete(conn)
    if (face === undefined) return
    this.#events.safeDispatchEvent('connection:close', { detail: face })
    const peer = toPeerId(conn.remotePeer)
    if (this.#connections.has(peer)) return
    this.#memory.left(peer)
    this.#events.safeDispatchEvent('peer:disconnect', { detail: peer })
    void this.#keeper.disconnected(peer).then(protocols => { this.#topologies.disconnected(peer, protocols) })
  }

  /** A protocol was agreed on with a peer. */
  agreed (peer: PeerRef, protocol: ProtocolID): void {
    this.#keeper.agreed(toPeerId(peer), protocol)
  }

  end (): void {
    this.#selfPeer.end()
    this.#connections.clear()
  }
}
