import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { bumpSumUnbounded, type ConnManagerInit, createConnManager, decayFixed, type DecayingTag, type WatermarkConnManager } from '@weir/conn-manager'
import { type Conn, type ConnManager, type ConnStats, type Direction, type Network, type PeerRef, ResourceLimitExceededError } from '@weir/network'
import { HandClock } from './hand-clock.ts'

const network = Object.freeze({}) as Network
const REFUSAL = new ResourceLimitExceededError({ where: 'local', scope: { kind: 'system' }, resource: 'connection', direction: 'inbound', current: 1, attempted: 1, limit: 1 })
const GROUPS = 500
const NOTHING: ReadonlyMap<unknown, unknown> = new Map() // as a swarm's connection has it

/** A manager with many peers, each connected once, tagged and with a decaying value. Connections lead nowhere. */
export class Subject {
  readonly clock = new HandClock()
  readonly manager: WatermarkConnManager
  readonly peers: readonly PeerRef[]
  readonly #conns: Conn[]
  readonly #decaying: DecayingTag
  readonly #addrs: readonly Multiaddr[] = Array.from({ length: GROUPS }, (_, n) => multiaddr(`/ip4/${10 + (n >> 8)}.${n & 255}.0.1/tcp/4001`))
  #count = 0

  constructor (count: number, init: ConnManagerInit) {
    this.manager = createConnManager({ clock: this.clock, gracePeriodMs: 0, maxTempPeers: count, ...init })
    this.#decaying = this.manager.registerDecayingTag('bench:decaying', { intervalMs: 60_000, decay: decayFixed(1), bump: bumpSumUnbounded() })
    this.peers = Array.from({ length: count }, (_, n) => peerOf(n))
    this.#conns = this.peers.map((peer, n) => this.#conn(peer, n))
    for (const [n, peer] of this.peers.entries()) {
      this.connect(n)
      this.manager.tagPeer(peer, 'bench:tag', n * 7 % 100)
      this.#decaying.bump(peer, 1_000_000)
    }
  }

  connect (n: number): void {
    const index = n % this.#conns.length
    const conn = this.#conn(this.peers[index] as PeerRef, index)
    this.#conns[index] = conn
    this.manager.notifiee.connected(network, conn)
  }

  /** All connect anew: their periods of grace begin. */
  renew (): void {
    for (let n = 0; n < this.#conns.length; n++) {
      this.disconnect(n)
      this.connect(n)
      this.manager.tagPeer(this.peers[n] as PeerRef, 'bench:tag', n * 7 % 100)
      this.bump(n)
    }
  }

  /** Somebody new has come from where `makeRoom` was told. */
  arrive (n: number): void {
    const conn = this.#conn(peerOf(1_000_000_000 + n), n)
    this.manager.notifiee.connected(network, Object.assign(conn, { remoteMultiaddr: this.#addrs[n % GROUPS] }))
  }

  /** Tells the manager of the end of the last connection of this peer. */
  disconnect (n: number): void {
    const conn = this.#conns[n % this.#conns.length]
    if (conn !== undefined) this.manager.notifiee.disconnected(network, conn)
  }

  makeRoom (n: number): boolean {
    const addr = this.#addrs[n % GROUPS] as Multiaddr
    return this.manager.makeRoom(REFUSAL, { localMultiaddr: addr, remoteMultiaddr: addr })
  }

  bump (n: number): void {
    this.#decaying.bump(this.peers[n % this.peers.length] as PeerRef, 1)
  }

  async close (): Promise<void> {
    await this.manager.close()
  }

  #conn (remotePeer: PeerRef, n: number): Conn {
    const conn: Partial<Conn> = new BenchConn(`conn-${++this.#count}`, remotePeer, this.#addrs[n * 31 % GROUPS] as Multiaddr, n, this.manager)
    return conn as Conn
  }
}

/** A connection that leads nowhere, and that says of itself what a swarm's does, in the same way. */
class BenchConn {
  readonly id: string
  readonly remotePeer: PeerRef
  remoteMultiaddr: Multiaddr
  readonly #direction: Direction
  readonly #numStreams: number
  readonly #manager: ConnManager
  #closed = false

  constructor (id: string, remotePeer: PeerRef, remoteMultiaddr: Multiaddr, n: number, manager: ConnManager) {
    this.id = id
    this.remotePeer = remotePeer
    this.remoteMultiaddr = remoteMultiaddr
    this.#direction = n % 4 === 0 ? 'outbound' : 'inbound'
    this.#numStreams = n % 3
    this.#manager = manager
  }

  stat (): ConnStats {
    return { direction: this.#direction, openedMs: 0, limited: false, readBytes: 0, writtenBytes: 0, extra: NOTHING, numStreams: this.#numStreams }
  }

  isClosed (): boolean {
    return this.#closed
  }

  async closeWithError (): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#manager.notifiee.disconnected(network, this as Partial<Conn> as Conn)
  }
}

/** As long as a real peer's text, and as different at its end. */
export function peerOf (n: number): PeerRef {
  const made = `12D3KooW${Math.imul(n + 1, 0x9e3779b1) >>> 0}${String(n).padStart(34, 'x')}`.slice(0, 52)
  const text = Buffer.from(made).toString('latin1') // flat, as that of a peer that was read from the wire
  return { type: 'Ed25519', toString: () => text }
}
