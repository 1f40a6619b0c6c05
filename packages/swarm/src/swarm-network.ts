import { isPeerId, isStartable, type Logger, type PeerId, type Transport } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Multiaddr } from '@multiformats/multiaddr'
import {
  type Conn, ConnClosedError, type Connectedness, ConnErrorCode, DIAL_PEER_TIMEOUT_MS, type DialPeerOptions, type NewStreamOptions, NoConnError, type Notifiee,
  type PeerRef, type Peerstore, type ResourceManager, type Stream, type StreamHandler
} from '@weir/network'
import { admit } from './admit.ts'
import { ConnMetrics } from './conn-metrics.ts'
import { ConnTable } from './conn-table.ts'
import { type ConnectednessListener, ConnectednessEmitter } from './connectedness-emitter.ts'
import { DialError } from './dial-errors.ts'
import { transportForDialing } from './dial-filters.ts'
import { DialMetrics } from './dial-metrics.ts'
import type { DialSnapshot } from './dial-snapshot.ts'
import { DirectConnWaiters } from './direct-conn-waiters.ts'
import { ConnGatedError, DialToSelfError, SwarmClosedError } from './errors.ts'
import { InboundUpgrades } from './inbound-upgrades.ts'
import { Listeners } from './listeners.ts'
import { Notifier } from './notifier.ts'
import { OutboundDials } from './outbound-dials.ts'
import { runHandler } from './run-handler.ts'
import { RunningHandlers } from './running-handlers.ts'
import type { Swarm } from './swarm.ts'
import type { SwarmComponents } from './swarm-components.ts'
import type { SwarmConn } from './swarm-conn.ts'
import type { SwarmMetrics } from './swarm-metrics.ts'
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
  readonly #connMetrics: ConnMetrics
  readonly #dialMetrics = new DialMetrics()
  readonly #dials: OutboundDials
  readonly #inbound: InboundUpgrades
  readonly #handlers = new RunningHandlers()
  readonly #directConns = new DirectConnWaiters()
  readonly #connectednessEmitter: ConnectednessEmitter
  #streamHandler: StreamHandler | undefined
  #connCount = 0
  #closing: Promise<void> | undefined

  constructor (settings: SwarmSettings) {
    this.#settings = settings
    this.localPeer = settings.localPeer
    this.peerstore = settings.peerstore
    this.resourceManager = settings.resourceManager
    this.#log = settings.logger.forComponent('weir:swarm')
    this.#connMetrics = new ConnMetrics(settings.clock)
    this.#signals = new TaskSignals(settings.clock)
    this.#notifier = new Notifier(this, this.#log)
    this.#notifier.add(settings.connManager.notifiee)
    this.#connectednessEmitter = new ConnectednessEmitter(this.#log, peer => this.#table.connectedness(peer))
    this.#listeners = new Listeners(this.#notifier, this.#log)
    this.#components = { privateKey: settings.privateKey, peerId: settings.localPeer, logger: settings.logger, upgrader: swarmUpgrader({}, settings.muxers) }
    this.#transports = settings.transports.map(factory => factory(this.#components))
    const shared = { settings, parts: this.#parts(), signals: this.#signals, establish: (conn: SwarmConn) => { this.#establish(conn) } }
    this.#dials = new OutboundDials({
      ...shared,
      connMetrics: this.#connMetrics,
      dialMetrics: this.#dialMetrics,
      transports: this.#transports,
      ownAddrs: () => this.#listeners.interfaceAddrs(),
      openConn: (peer, { forceDirectDial }) => this.#openConn(peer, forceDirectDial)
    })
    this.#inbound = new InboundUpgrades({ ...shared, log: this.#log, isClosed: () => this.#closing !== undefined })
  }

  addTransport (factory: TransportFactory): void {
    this.#assertOpen()
    this.#transports.push(factory(this.#components))
  }

  dials (): DialSnapshot[] {
    return this.#dials.dials()
  }

  metrics (): SwarmMetrics {
    return { ...this.#connMetrics.snapshot(), ...this.#dialMetrics.snapshot(), blackHoles: this.#settings.blackHoleDetector.snapshot() }
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

  onConnectednessChanged (listener: ConnectednessListener): Disposable {
    return this.#connectednessEmitter.add(listener)
  }

  canDial (peer: PeerRef, addr: Multiaddr): boolean {
    return peer.toString() !== this.localPeer.toString() && transportForDialing(this.#transports, addr) !== undefined
  }

  setStreamHandler (handler: StreamHandler): void {
    this.#streamHandler = handler
  }

  async newStream (peer: PeerRef, options: NewStreamOptions = {}): Promise<Stream> {
    if (options.signal !== undefined) return await this.#newStream(peer, options, options.signal)
    using task = this.#signals.open('newStream', this.#settings.newStreamTimeoutMs)
    return await this.#newStream(peer, { ...options, signal: task.signal }, task.signal)
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
    this.#handlers.exceptCaller()
    this.#closing ??= this.#close()
    await this.#closing
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }

  async #close (): Promise<void> {
    const reason = new SwarmClosedError()
    // Connections first: a listener of `@libp2p/tcp` cuts those it accepted.
    const conns = this.#table.all().map(async conn => { await conn.endWithError(ConnErrorCode.shutdown) })
    this.#signals.abortAll(reason)
    await Promise.all([...conns, this.#dials.close(reason)])
    await this.#listeners.closeAll()
    await this.#inbound.close()
    await Promise.all(this.#table.all().map(async conn => { await conn.endWithError(ConnErrorCode.shutdown) }))
    await Promise.allSettled(this.#transports.map(async transport => { if (isStartable(transport)) await transport.stop() }))
    const left = await this.#handlers.settled(this.#settings.clock, this.#settings.closeTimeoutMs)
    if (left > 0) this.#log.error('closed, while %d stream handlers have not returned', left)
  }

  #assertOpen (): void {
    if (this.#closing !== undefined) throw new SwarmClosedError()
  }

  async #newStream (peer: PeerRef, options: NewStreamOptions, signal: AbortSignal): Promise<Stream> {
    let dialled: SwarmConn | undefined
    while (true) {
      this.#assertOpen()
      signal.throwIfAborted()
      let conn = this.#table.best(peer)
      if (conn === undefined && options.noDial !== undefined) throw new NoConnError(peer)
      if (conn === undefined) conn = dialled = await this.#connTo(peer, options)
      conn = await this.#unlimited(conn, options)
      try {
        return await conn.newStream(options)
      } catch (error) {
        // One that ended under our hands gives way to another, but nobody is dialled twice.
        if (!ConnClosedError.is(error) || (dialled !== undefined && this.#table.best(peer) === undefined)) throw error
      }
    }
  }

  // Where there are only limited connections, a direct one may be on its way.
  async #unlimited (conn: SwarmConn, { allowLimitedConn, signal, dialPeerTimeoutMs = DIAL_PEER_TIMEOUT_MS }: NewStreamOptions): Promise<SwarmConn> {
    if (!conn.limited || allowLimitedConn !== undefined) return conn
    using task = this.#signals.open('waiting for a direct connection', dialPeerTimeoutMs, signal)
    await this.#directConns.wait(conn.remotePeer, task.signal)
    const best = this.#table.best(conn.remotePeer)
    if (best === undefined) throw new NoConnError(conn.remotePeer)
    return best // which refuses by itself where it is limited, since the direct one has gone again
  }

  async #connTo (peer: PeerRef, options: DialPeerOptions): Promise<SwarmConn> {
    this.#assertOpen()
    if (peer.toString() === this.localPeer.toString()) throw new DialToSelfError()
    const open = this.#openConn(peer, options.forceDirectDial !== undefined)
    if (open !== undefined) return open
    try {
      admit('interceptPeerDial', () => this.#settings.connectionGater.interceptPeerDial(peer))
    } catch (cause) {
      throw new DialError(peer, [], { cause })
    }
    return await this.#dials.dial(isPeerId(peer) ? peer : peerIdFromString(peer.toString()), options)
  }

  #openConn (peer: PeerRef, isDirect: boolean): SwarmConn | undefined {
    const conn = this.#table.best(peer)
    return conn !== undefined && isDirect && (conn.limited || conn.isRelayed) ? undefined : conn
  }

  // From here on everybody sees the connection, or nobody ever does.
  #establish (conn: SwarmConn): void {
    try {
      this.#assertOpen()
      if (conn.isClosed()) throw new ConnClosedError({ remote: true })
      admit('interceptUpgraded', () => this.#settings.connectionGater.interceptUpgraded(conn))
      this.peerstore.addPublicKey(conn.remotePeer, conn.remotePublicKey)
    } catch (error) {
      void conn.endWithError(ConnGatedError.is(error) ? ConnErrorCode.gated : ConnErrorCode.shutdown)
      throw error
    }
    this.#dials.connected(conn.remotePeer)
    this.#table.add(conn)
    this.#connMetrics.opened(conn)
    if (!conn.limited) this.#directConns.arrived(conn.remotePeer)
    this.#notifier.connected(conn)
    this.#connectednessEmitter.added(conn.remotePeer)
    void conn.acceptStreams()
  }

  #gone (conn: SwarmConn): void {
    if (!this.#table.delete(conn)) return
    this.#connMetrics.closed(conn)
    this.#notifier.disconnected(conn)
    this.#connectednessEmitter.removed(conn.remotePeer)
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
        handlers: this.#handlers,
        handle: async stream => { await runHandler(this.#streamHandler, stream, this.#log) },
        onGone: conn => { this.#gone(conn) }
      }
    }
  }
}
