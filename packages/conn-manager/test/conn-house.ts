import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { fakeConn, ManualClock } from '@weir/compliance'
import { type Conn, type Direction, type Network, type PeerRef, ResourceLimitExceededError } from '@weir/network'
import { type ConnManagerInit, createConnManager, type WatermarkConnManager } from '../src/index.ts'

const network = Object.freeze({}) as Network

export interface ConnectOptions {
  readonly direction?: Direction
  readonly numStreams?: number
  readonly addr?: Multiaddr
  /** When the promise of its close is done. @defaultValue at once */
  readonly closing?: Promise<void>
}

/** A manager over connections that lead nowhere, on a clock that is turned by hand. No silence and no grace unless they are asked for. */
export class ConnHouse implements AsyncDisposable {
  readonly clock: ManualClock = new ManualClock()
  readonly manager: WatermarkConnManager
  /** The ids of the connections that were closed, in order, and the codes they were closed with. */
  readonly closed: string[] = []
  readonly codes: Map<string, number> = new Map()
  readonly open: Map<string, Conn> = new Map()
  #count = 0

  constructor (init: ConnManagerInit = {}) {
    this.manager = createConnManager({ gracePeriodMs: 0, silencePeriodMs: 0, clock: this.clock, ...init })
  }

  /** @returns a connection, of which the manager has heard; its id is `c1`, `c2`, and so on */
  connect (peer: PeerRef, { direction = 'unknown', numStreams = 0, addr = addrIn(0), closing }: ConnectOptions = {}): Conn {
    const id = `c${++this.#count}`
    const fake = fakeConn({
      id,
      remotePeer: peer,
      remoteMultiaddr: addr,
      direction,
      numStreams,
      openedMs: this.clock.wallMs(),
      onClose: code => {
        this.closed.push(id)
        this.codes.set(id, code)
        this.open.delete(id)
        this.manager.notifiee.disconnected(network, conn)
      }
    })
    const conn: Conn = closing === undefined
      ? fake
      : { ...fake, closeWithError: async code => { await Promise.all([fake.closeWithError(code), closing]) } }
    this.open.set(id, conn)
    this.tellConnected(conn)
    return conn
  }

  /** Connects so many new peers. */
  connectMany (count: number, options: ConnectOptions = {}): Conn[] {
    return Array.from({ length: count }, () => this.connect(newPeer(), options))
  }

  tellConnected (conn: Conn): void {
    this.manager.notifiee.connected(network, conn)
  }

  tellDisconnected (conn: Conn): void {
    this.manager.notifiee.disconnected(network, conn)
  }

  /** Closes the manager. @throws when a timer is left */
  async [Symbol.asyncDispose] (): Promise<void> {
    await this.manager.close()
    if (this.clock.pendingTimers !== 0) throw new Error(`timers left: ${this.clock.pendingTimers}`)
  }
}

/** A peer that is no libp2p peer: cheap to make, equal for equal names. */
export function peerOf (name: string): PeerRef {
  return { type: 'test', toString: () => name }
}

let lastPeer = 0

/** Another one each time. */
export function newPeer (): PeerRef {
  return peerOf(`peer-${++lastPeer}`)
}

/** An address in a /16 of its own for each group, 0..255, and of its own in there. */
export function addrIn (group: number, host = 1): Multiaddr {
  return multiaddr(`/ip4/10.${group}.${host >> 8 & 255}.${host & 255}/tcp/4001`)
}

/** As a resource manager refuses what is one too many. */
export function inboundRefusal (limit = 1): ResourceLimitExceededError {
  return new ResourceLimitExceededError({ where: 'local', scope: { kind: 'system' }, resource: 'connection', direction: 'inbound', current: limit, attempted: 1, limit })
}
