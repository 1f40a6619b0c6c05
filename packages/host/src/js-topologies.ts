import type { Connection, IdentifyResult, Logger, PeerId, PeerUpdate, Topology } from '@libp2p/interface'
import type { ProtocolID } from '@weir/network'

/**
 * Tells js services of peers that speak their protocol: when a peer has been identified, never at once when it connects, and
 * when it has gone or speaks the protocol no more.
 *
 * What a topology throws, at once or later, is logged.
 *
 * @see reference/js-libp2p.md 2.3, contract 3
 */
export class JsTopologies {
  readonly #log: Logger
  readonly #byProtocol = new Map<ProtocolID, Map<string, Topology>>()
  #count = 0

  constructor (log: Logger) {
    this.#log = log
  }

  /** @returns what to remove it by */
  add (protocol: ProtocolID, topology: Topology): string {
    const id = `topology-${++this.#count}`
    const topologies = this.#byProtocol.get(protocol)
    if (topologies === undefined) this.#byProtocol.set(protocol, new Map([[id, topology]]))
    else topologies.set(id, topology)
    return id
  }

  remove (id: string): void {
    for (const [protocol, topologies] of this.#byProtocol) {
      if (topologies.delete(id) && topologies.size === 0) this.#byProtocol.delete(protocol)
    }
  }

  of (protocol: ProtocolID): Topology[] {
    return [...this.#byProtocol.get(protocol)?.values() ?? []]
  }

  identified ({ peerId, protocols, connection }: Pick<IdentifyResult, 'peerId' | 'protocols' | 'connection'>): void {
    for (const topology of this.#ofAny(protocols)) {
      if (connection.limits !== undefined && topology.notifyOnLimitedConnection !== true) continue
      this.#connect(topology, peerId, connection)
    }
  }

  updated ({ peer, previous }: PeerUpdate): void {
    this.disconnected(peer.id, (previous?.protocols ?? []).filter(protocol => !peer.protocols.includes(protocol)))
  }

  /** @param protocols - those that the peer spoke */
  disconnected (peer: PeerId, protocols: readonly ProtocolID[]): void {
    for (const topology of this.#ofAny(protocols)) {
      this.#guard(() => {
        if (topology.filter?.has(peer) === false) return undefined
        topology.filter?.remove(peer)
        return topology.onDisconnect?.(peer)
      })
    }
  }

  #connect (topology: Topology, peer: PeerId, connection: Connection): void {
    this.#guard(() => {
      if (topology.filter?.has(peer) === true) return undefined
      topology.filter?.add(peer)
      return topology.onConnect?.(peer, connection)
    })
  }

  // Remotes send thousands of names; only ours cost anything.
  #ofAny (protocols: readonly ProtocolID[]): Topology[] {
    return [...new Set(protocols)].flatMap(protocol => this.of(protocol))
  }

  #guard (call: () => void | Promise<void>): void {
    void Promise.try(call).catch(error => { this.#log.error('a topology failed - %e', error) })
  }
}
