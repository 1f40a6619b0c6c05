import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import {
  ALLOW, type Clock, type Conn, type ConnectionGater, type DialPeerOptions, isDenial, type Network,
  type NewStreamOptions, NoConnError, NoRemoteAddrsError, type Notifiee, type PeerRef, type Peerstore, type ResourceManager, type Stream, type StreamHandler, systemClock, type Verdict
} from '@weir/network'
import { type NetworkParts, turn } from '../src/index.ts'
import { MemoryConn, type ConnOwner } from './memory-conn.ts'
import type { NetworkMutant } from './network-mutant.ts'
import { rememberingPeerstore } from './remembering-peerstore.ts'

/** Where the networks of one test find each other. */
export type Hub = Map<string, MemoryNetwork>

/** The smallest network that does what the suite asks, in one process and with switches to break it: for tests only. */
export class MemoryNetwork implements Network, ConnOwner {
  readonly localPeer: PeerRef
  readonly peerstore: Peerstore
  readonly resourceManager: ResourceManager
  readonly broken: ReadonlySet<NetworkMutant>
  readonly clock: Clock = systemClock
  readonly #gater: ConnectionGater
  readonly #hub: Hub
  readonly #conns: MemoryConn[] = []
  readonly #notifiees = new Set<Notifiee>()
  readonly #dials = new Map<string, Promise<Conn>>()
  readonly #listening: Multiaddr[] = []
  readonly #telling = new Set<MemoryConn>()
  #handler: StreamHandler | undefined
  #closed = false
  #ids = 0

  constructor (hub: Hub, name: string, { resourceManager, connectionGater }: NetworkParts, broken: readonly NetworkMutant[]) {
    this.#hub = hub
    this.broken = new Set(broken)
    this.localPeer = { type: 'test', toString: () => name }
    this.resourceManager = resourceManager
    this.#gater = connectionGater
    this.peerstore = rememberingPeerstore({ clock: systemClock, maxPeers: 10, maxAddrsPerPeer: 10 })
  }

  nextId (): number {
    return ++this.#ids
  }

  async dialPeer (peer: PeerRef, { signal }: DialPeerOptions = {}): Promise<Conn> {
    signal?.throwIfAborted()
    if (this.#closed && !this.broken.has('dials behind close')) throw new Error('closed')
    const text = peer.toString()
    if (text === this.localPeer.toString() && !this.broken.has('dials itself')) throw new Error('dial to self')
    const [open] = this.connsToPeer(peer)
    if (open !== undefined && !this.broken.has('dials each time')) return open
    const dial = (this.broken.has('shares no dial') ? undefined : this.#dials.get(text)) ?? this.#dial(peer)
    this.#dials.set(text, dial)
    void dial.catch(() => {}).finally(() => { this.#dials.delete(text) })
    const { promise: given, reject } = Promise.withResolvers<never>()
    signal?.addEventListener('abort', () => { reject(this.broken.has('an abort of its own') ? new Error('aborted') : signal.reason) })
    return await Promise.race([dial, given])
  }

  async #dial (peer: PeerRef): Promise<Conn> {
    const asksLate = this.broken.has('asks the gater late')
    if (!asksLate) this.#admit(() => this.#gater.interceptPeerDial(peer))
    const [addr] = this.peerstore.addrs(peer)
    if (addr === undefined) throw new NoRemoteAddrsError(peer)
    if (!asksLate) this.#admit(() => this.#gater.interceptAddrDial(peer, addr))
    using undo = new DisposableStack()
    const scope = this.resourceManager.openConnection('outbound', false, addr)
    if (!this.broken.has('conn scopes leak')) undo.use(scope)
    scope.setPeer(peer)
    await turn()
    const remote = this.#hub.get(addr.toString())
    if (remote === undefined || (this.#closed && !this.broken.has('dials behind close'))) throw new Error('nobody there')
    if (remote.localPeer.toString() !== peer.toString() && !this.broken.has('takes any peer')) throw new Error('another peer')
    const far = remote.#accept(this.localPeer, addr)
    try {
      if (asksLate) this.#admit(() => this.#gater.interceptPeerDial(peer))
      if (asksLate) this.#admit(() => this.#gater.interceptAddrDial(peer, addr))
      this.#admit(() => this.#gater.interceptSecured('outbound', peer, { localMultiaddr: addr, remoteMultiaddr: addr }))
      const near = new MemoryConn(this, peer, 'outbound', addr, scope)
      this.#admit(() => this.#gater.interceptUpgraded(near))
      near.other = far.conn
      far.conn.other = near
      undo.move()
      this.#add(near)
      far.establish()
      return near
    } catch (error) {
      far.refuse()
      throw error
    }
  }

  #accept (peer: PeerRef, addr: Multiaddr): { conn: MemoryConn, establish: () => void, refuse: () => void } {
    const addrs = { localMultiaddr: addr, remoteMultiaddr: addr }
    using undo = new DisposableStack()
    if (!this.broken.has('charges late')) this.#admit(() => this.#gater.interceptAccept(addrs))
    const scope = undo.use(this.resourceManager.openConnection('inbound', false, addr))
    if (this.broken.has('charges late')) this.#admit(() => this.#gater.interceptAccept(addrs))
    this.#admit(() => this.#gater.interceptSecured('inbound', peer, addrs))
    scope.setPeer(peer)
    const conn = new MemoryConn(this, peer, 'inbound', addr, scope)
    this.#admit(() => this.#gater.interceptUpgraded(conn))
    undo.move()
    return { conn, establish: () => { this.#add(conn) }, refuse: () => { scope.done() } }
  }

  #admit (ask: () => Verdict): void {
    let verdict: Verdict
    try {
      verdict = ask()
    } catch (error) {
      if (this.broken.has('gater may throw')) return
      throw error
    }
    if (verdict !== ALLOW && (!this.broken.has('gater may forget') || isDenial(verdict))) throw new Error('gated')
  }

  #add (conn: MemoryConn): void {
    this.#conns.push(conn)
    const tell = (): void => {
      this.#telling.add(conn)
      this.#tell(notifiee => { notifiee.connected(this, conn) })
      this.#telling.delete(conn)
    }
    if (this.broken.has('streams before connected')) setTimeout(tell, 20)
    else tell()
  }

  gone (conn: MemoryConn): void {
    const at = this.#conns.indexOf(conn)
    if (at === -1) return
    this.#conns.splice(at, 1)
    const tell = (): void => { for (let i = 0; i < (this.broken.has('disconnected twice') ? 2 : 1); i++) this.#tell(notifiee => { notifiee.disconnected(this, conn) }) }
    if (this.#telling.has(conn) && !this.broken.has('disconnected inside connected')) queueMicrotask(tell)
    else tell()
  }

  async handle (stream: Stream): Promise<void> {
    try {
      if (this.#handler === undefined) throw new Error('nobody handles it')
      await this.#handler(stream)
      if (this.broken.has('closes behind the handler')) await stream.close()
    } catch {
      if (this.broken.has('rejections are hidden')) await stream.close()
      else stream.reset()
    }
  }

  #tell (tell: (notifiee: Notifiee) => void): void {
    for (const notifiee of this.#notifiees) {
      try {
        tell(notifiee)
      } catch {
        if (this.broken.has('notifiees may throw')) return
      }
    }
  }

  async closePeer (peer: PeerRef): Promise<void> {
    await Promise.all(this.connsToPeer(peer).map(conn => conn.close()))
  }

  connectedness (peer: PeerRef): ReturnType<Network['connectedness']> {
    return this.connsToPeer(peer).length > 0 ? 'Connected' : 'NotConnected'
  }

  peers (): PeerRef[] {
    return [...new Map(this.#conns.map(({ remotePeer }) => [remotePeer.toString(), remotePeer])).values()]
  }

  conns (): Conn[] {
    return this.broken.has('own lists') ? this.#conns : [...this.#conns]
  }

  connsToPeer (peer: PeerRef): Conn[] {
    return this.#conns.filter(({ remotePeer }) => remotePeer.toString() === peer.toString())
  }

  notify (notifiee: Notifiee): void {
    this.#notifiees.add(notifiee)
  }

  stopNotify (notifiee: Notifiee): void {
    if (!this.broken.has('forgets stopNotify')) this.#notifiees.delete(notifiee)
  }

  canDial (peer: PeerRef, addr: Multiaddr): boolean {
    return peer.toString() !== this.localPeer.toString() && addr.toString().startsWith('/memory/')
  }

  setStreamHandler (handler: StreamHandler): void {
    this.#handler = handler
  }

  async newStream (peer: PeerRef, options: NewStreamOptions = {}): Promise<Stream> {
    if (options.noDial !== undefined && !this.broken.has('noDial dials') && this.connsToPeer(peer).length === 0) throw new NoConnError(peer)
    return await (await this.dialPeer(peer, options)).newStream(options)
  }

  async listen (...addrs: Multiaddr[]): Promise<void> {
    if (this.#closed) throw new Error('closed')
    const good = addrs.filter(addr => addr.toString().startsWith('/memory/'))
    if (good.length === 0) throw new Error('nowhere to listen')
    for (const asked of good) {
      const addr = this.broken.has('port 0') ? asked : multiaddr(`/memory/${this.#hub.size + 1}`)
      this.#hub.set(addr.toString(), this)
      this.#listening.push(addr)
      this.#tell(notifiee => { notifiee.listen(this, addr) })
    }
  }

  async listenClose (...addrs: Multiaddr[]): Promise<void> {
    for (const addr of addrs) {
      const at = this.#listening.findIndex(each => each.equals(addr))
      if (at === -1) continue
      this.#listening.splice(at, 1)
      if (!this.broken.has('listens for ever')) this.#hub.delete(addr.toString())
      this.#tell(notifiee => { notifiee.listenClose(this, addr) })
    }
  }

  listenAddresses (): Multiaddr[] {
    return [...this.#listening]
  }

  interfaceListenAddresses (): Multiaddr[] {
    return this.listenAddresses()
  }

  async close (): Promise<void> {
    this.#closed = true
    await this.listenClose(...this.#listening)
    if (!this.broken.has('close leaves connections')) await Promise.all([...this.#conns].map(conn => conn.close()))
    if (this.broken.has('closes what it was given')) for (const peer of this.peerstore.peers()) this.peerstore.clearAddrs(peer)
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }
}
