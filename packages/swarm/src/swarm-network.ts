import { isPeerId, type Logger, type PeerId, type Transport } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Multiaddr } from '@multiformats/multiaddr'
import {
  type Conn, ConnClosedError, type Connectedness, ConnErrorCode, type DialPeerOptions, type NewStreamOptions, NoConnError, type Notifiee,
  type PeerRef, type Peerstore, type ResourceManager, type Stream, type StreamHandler
} from '@weir/network'
import { admit } from './admit.ts'
import { ConnTable } from './conn-table.ts'
import { transportForDialing } from './addrs-for-dial.ts'
import { ConnGatedError, DialError, DialToSelfError, SwarmClosedError } from './errors.ts'
import { InboundUpgrades } from './inbound-upgrades.ts'
import { Listeners } from './listeners.ts'
import { Notifier } from './notifier.ts'
import { OutboundDials } from './outbound-dials.ts'
import { runHandler } from './run-handler.ts'
import type { Swarm } from './swarm.ts'
import type { SwarmComponents } from './swarm-components.ts'
import type { SwarmConn } from './swarm-conn.ts'
import type { SwarmSettings, TransportFactory } from './swarm-init.ts'
import { swarmUpgrader } from './swarm-upgrader.ts'
import { TaskSignals } from './task-signals.ts'
import type { UpgradeParts } from './upgrade.ts'

/** The swarm: it holds the table of connections, and hands each job to the room that does it. */
export class SwarmNetwork implements Swarm {
  readonly localPeer: PeerId
  readonly peerstore: Peerstore
  readonly resourceManager: ResourceManager
  readonly #settings: SwarmSettings
  readonly #log: Logger
  readonly #components: SwarmComponents
  readonly #transports: Transport[]
  readonly #table = new ConnTable()
  readonly #signals: TaskSignals
  readonly #notifier: Notifier
  readonly #listeners: Listeners
  readonly #dials: OutboundDials
  readonly #inbound: InboundUpgrades
  #streamHandler: StreamHandler | undefined
  #connCount = 0
  #closing: Promise<void> | undefined

  constructor (settings: SwarmSettings) {
    this.#settings = settings
    this.localPeer = settings.localPeer
    this.peerstore = settings.peerstore
    this.resourceManager = settings.resourceManager
    this.#log = settings.logger.forComponent('weir:swarm')
    this.#signals = new TaskSignals(settings.clock)
    this.#notifier = new Notifier(this, this.#log)
    this.#notifier.add(settings.connManager.notifiee)
    this.#listeners = new Listeners(this.#notifier)
    this.#components = { privateKey: settings.privateKey, peerId: settings.localPeer, logger: settings.logger, upgrader: swarmUpgrader({}, settings.muxers) }
    this.#transports = settings.transports.map(factory => factory(this.#components))
    const shared = { settings, parts: this.#parts(), signals: this.#signals, establish: (conn: SwarmConn) => { this.#establish(conn) } }
    this.#dials = new OutboundDials({ ...shared, transports: this.#transports, ownAddrs: () => this.#listeners.interfaceAddrs() })
    this.#inbound = new InboundUpgrades({ ...shared, log: this.#log, isClosed: () => this.#closing !== undefined })
  }

  addTransport (factory: TransportFactory): void {
    this.#assertOpen()
    this.#transports.push(factory(this.#components))
  }

  async dialPeer (peer: PeerRef, options: DialPeerOptions = {}): Promise<Conn> {
    return await this.#connTo(peer, options)
  }

  async closePeer (peer: PeerRef): Promise<void> {
    await Promise.all(this.#table.of(peer).map(async conn => { await conn.close() }))
  }

  connectedness (peer: PeerRef): Connectedness {
    return this.#table.connectedness(peer)
  }

  peers (): PeerRef[] {
    return this.#table.peers()
  }

  conns (): Conn[] {
    return this.#table.all()
  }

  connsToPeer (peer: PeerRef): Conn[] {
    return this.#table.of(peer)
  }

  notify (notifiee: Notifiee): void {
    this.#notifier.add(notifiee)
  }

  stopNotify (notifiee: Notifiee): void {
    this.#notifier.delete(notifiee)
  }

  canDial (peer: PeerRef, addr: Multiaddr): boolean {
    return peer.toString() !== this.localPeer.toString() && transportForDialing(this.#transports, addr) !== undefined
  }

  setStreamHandler (handler: StreamHandler): void {
    this.#streamHandler = handler
  }

  async newStream (peer: PeerRef, options: NewStreamOptions = {}): Promise<Stream> {
    const conn = await this.#connFor(peer, options)
    try {
      return await conn.newStream(options)
    } catch (error) {
      if (!ConnClosedError.is(error)) throw error
      // It ended under our hands: once more, with another.
      return await (await this.#connFor(peer, options)).newStream(options)
    }
  }

  async listen (...addrs: Multiaddr[]): Promise<void> {
    this.#assertOpen()
    const failures = await this.#listeners.listen(addrs, this.#transports, (transport, addr) => this.#inbound.upgraderFor(transport, addr))
    for (const { addr, cause } of failures) this.#log.error('cannot listen on %a - %e', addr, cause)
    if (this.#closing !== undefined) {
      await this.#listeners.closeAll()
      throw new SwarmClosedError()
    }
  }

  async listenClose (...addrs: Multiaddr[]): Promise<void> {
    await this.#listeners.close(addrs)
  }

  listenAddresses (): Multiaddr[] {
    return this.#listeners.addrs()
  }

  interfaceListenAddresses (): Multiaddr[] {
    return this.#listeners.interfaceAddrs()
  }

  async close (): Promise<void> {
    this.#closing ??= this.#close()
    await this.#closing
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }

  async #close (): Promise<void> {
    const reason = new SwarmClosedError()
    // Connections first: a listener of js-libp2p's TCP cuts those it accepted.
    const conns = this.#table.all().map(async conn => { await conn.closeWithError(ConnErrorCode.shutdown) })
    this.#signals.abortAll(reason)
    await Promise.all([...conns, this.#dials.close(reason)])
    await this.#listeners.closeAll()
    await Promise.all(this.#table.all().map(async conn => { await conn.close() }))
  }

  #assertOpen (): void {
    if (this.#closing !== undefined) throw new SwarmClosedError()
  }

  async #connFor (peer: PeerRef, options: NewStreamOptions): Promise<SwarmConn> {
    if (options.noDial === undefined) return await this.#connTo(peer, options)
    this.#assertOpen()
    const conn = this.#table.best(peer)
    if (conn === undefined) throw new NoConnError(peer)
    return conn
  }

  async #connTo (peer: PeerRef, options: DialPeerOptions): Promise<SwarmConn> {
    this.#assertOpen()
    if (peer.toString() === this.localPeer.toString()) throw new DialToSelfError()
    const open = this.#table.best(peer)
    if (open !== undefined && !(open.limited && options.forceDirectDial !== undefined)) return open
    try {
      admit('interceptPeerDial', () => this.#settings.connectionGater.interceptPeerDial(peer))
    } catch (cause) {
      throw new DialError(peer, [], { cause })
    }
    return await this.#dials.dial(isPeerId(peer) ? peer : peerIdFromString(peer.toString()), options)
  }

  // From here on everybody sees the connection, or nobody ever does.
  #establish (conn: SwarmConn): void {
    try {
      this.#assertOpen()
      if (conn.isClosed()) throw new ConnClosedError({ remote: true })
      admit('interceptUpgraded', () => this.#settings.connectionGater.interceptUpgraded(conn))
      this.peerstore.addPublicKey(conn.remotePeer, conn.remotePublicKey)
    } catch (error) {
      void conn.closeWithError(ConnGatedError.is(error) ? ConnErrorCode.gated : ConnErrorCode.shutdown)
      throw error
    }
    this.#table.add(conn)
    this.#notifier.connected(conn)
    void conn.acceptStreams()
  }

  #parts (): UpgradeParts {
    const settings = this.#settings
    return {
      localPeer: this.localPeer,
      protector: settings.protector,
      encrypters: settings.encrypters.map(factory => factory(this.#components)),
      muxers: settings.muxers,
      connectionGater: settings.connectionGater,
      ioScheduler: settings.ioScheduler,
      nextConnId: peer => `${peer.toString().slice(-8)}-${++this.#connCount}`,
      owner: {
        resourceManager: settings.resourceManager,
        clock: settings.clock,
        closeTimeoutMs: settings.closeTimeoutMs,
        handle: async stream => { await runHandler(this.#streamHandler, stream, this.#log) },
        onGone: conn => { if (this.#table.delete(conn)) this.#notifier.disconnected(conn) }
      }
    }
  }
}
