import type { AbortOptions, Connection, DialTarget, IsDialableOptions, MultiaddrConnection, NewStreamOptions as JsNewStreamOptions, PeerId, PendingDial, Stream as JsStream } from '@libp2p/interface'
import type { ConnectionManager, OpenConnectionOptions } from '@libp2p/interface-internal'
import { isMultiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { type Conn, type DialPeerOptions, DialPriority, type Network, type PeerRef } from '@weir/network'
import { type ConnectTarget, peerOfAddr } from './connect-target.ts'
import { MissingPeerIdError, NotOfferedError } from './errors.ts'
import type { JsConnections } from './js-connections.ts'
import { toJsError } from './js-error.ts'

export interface JsConnectionManagerInit {
  readonly network: Network
  readonly connections: JsConnections
  connect (target: ConnectTarget, options: DialPeerOptions): Promise<Conn>
}

const UNKNOWN_PEER: PeerRef = Object.freeze({ type: 'unknown', toString: () => 'an unknown peer' })

// Services dial to find and keep peers; who waits for a connection goes before them. js-libp2p's own default is 50.
function priorityOf (priority = 50): DialPriority {
  return priority > 50 ? DialPriority.user : DialPriority.background
}

function toTarget (target: DialTarget): ConnectTarget {
  if (!Array.isArray(target)) return isMultiaddr(target) ? target : { peer: target }
  const [first] = target
  const peer = first === undefined ? undefined : peerOfAddr(first)
  if (peer === undefined) throw first === undefined ? new RangeError('give at least one address to dial') : new MissingPeerIdError(first)
  return { peer, addrs: target.filter(addr => peerOfAddr(addr)?.equals(peer) === true) }
}

/**
 * The network's connections for js services. Limits and trimming are the business of the resource manager and the connection
 * manager below: here is none.
 *
 * @see reference/js-libp2p.md 2.1
 */
export class JsConnectionManager implements ConnectionManager {
  readonly #init: JsConnectionManagerInit

  constructor (init: JsConnectionManagerInit) {
    this.#init = init
  }

  getConnections (peerId?: PeerId): Connection[] {
    return this.#init.connections.all(peerId)
  }

  getConnectionsMap (): never {
    throw new NotOfferedError('connectionManager.getConnectionsMap', 'use getConnections')
  }

  getMaxConnections (): number {
    return Infinity
  }

  setMaxConnections (): void {
    throw new NotOfferedError('connectionManager.setMaxConnections', 'set the limits of the resource manager')
  }

  async openConnection (target: DialTarget, options: OpenConnectionOptions = {}): Promise<Connection> {
    const { connections, connect } = this.#init
    try {
      const forceDirectDial = options.force === true ? 'forced by a js service' : undefined
      const conn = await connect(toTarget(target), { signal: options.signal, forceDirectDial, priority: priorityOf(options.priority) })
      return connections.of(conn)
    } catch (error) {
      throw toJsError(error)
    }
  }

  async openStream (target: DialTarget, protocol: string | string[], options: OpenConnectionOptions & JsNewStreamOptions = {}): Promise<JsStream> {
    const connection = await this.openConnection(target, options)
    const { onProgress: _, ...streamOptions } = options
    return await connection.newStream(protocol, streamOptions)
  }

  async closeConnections (peer: PeerId, _options?: AbortOptions): Promise<void> {
    await this.#init.network.closePeer(peer)
  }

  /** Who is admitted is decided below, before anything of a connection gets here. */
  acceptIncomingConnection (_maConn: MultiaddrConnection): boolean {
    return true
  }

  afterUpgradeInbound (): void {}

  getDialQueue (): PendingDial[] {
    return []
  }

  async isDialable (addrs: Multiaddr | Multiaddr[], _options?: IsDialableOptions): Promise<boolean> {
    return [addrs].flat().some(addr => this.#init.network.canDial(peerOfAddr(addr) ?? UNKNOWN_PEER, addr))
  }
}
