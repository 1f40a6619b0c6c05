import { type LocalRefusal, ScopeAttachedError, type ScopeId, ScopeNotAttachedError, type ProtocolID, type StreamManagementScope } from '@weir/network'
import { edgesOf, NO_EDGES } from './edges.ts'
import type { Owner } from './owner.ts'
import { OwnedScope } from './owned-scope.ts'
import type { PeerScope } from './peer-scope.ts'
import type { CountWithin } from './peer-counters.ts'
import type { ProtocolScope } from './protocol-scope.ts'
import type { RootPair } from './roots.ts'
import type { ScopeGraph } from './scope-graph.ts'
import type { ServiceScope } from './service-scope.ts'

/**
 * The scope of a stream: its peer's and transient until the protocol is known, then its peer's, its protocol's and, when
 * it has one, its service's.
 *
 * @see reference/go-libp2p.md 2.2
 */
export class StreamScope extends OwnedScope implements StreamManagementScope {
  readonly #graph: ScopeGraph
  readonly #number: number
  readonly #inbound: boolean
  readonly #peer: PeerScope
  #roots: RootPair
  #protocol: ProtocolScope | undefined
  #protocolPeer: CountWithin | undefined
  #service: ServiceScope | undefined

  constructor (graph: ScopeGraph, number: number, peer: PeerScope, inbound: boolean) {
    super(graph.books, graph.limiter.streamLimits(peer.peer), NO_EDGES)
    this.#graph = graph
    this.#number = number
    this.#peer = peer
    this.#inbound = inbound
    // Where its connection is: streams of trusted connections have their room too.
    this.#roots = peer.allowlistedConns > 0 ? graph.roots.allowlisted : graph.roots.standard
  }

  get id (): ScopeId {
    return { kind: 'stream', id: this.#number }
  }

  get peerScope (): PeerScope {
    return this.#peer
  }

  get protocolScope (): ProtocolScope | undefined {
    return this.#protocol
  }

  get serviceScope (): ServiceScope | undefined {
    return this.#service
  }

  override get isTrusted (): boolean {
    return this.#peer.isTrusted
  }

  /** Begins in transient and with its peer. Throws and charges nothing when there is no room. */
  open (owner: Owner | undefined): void {
    const { allowlisted } = this.#graph.roots
    const inbound = this.#inbound
    let edges = this.#peer.streamEdges(this.#roots)
    let refusal = this.counter.streamRefusal(inbound ? 1 : 0, inbound ? 0 : 1)
    if (refusal === undefined) {
      this.counter.addStream(inbound)
      refusal = this.refusalBy(edges)
      if (refusal !== undefined && this.isTrusted && this.#roots !== allowlisted) {
        this.#roots = allowlisted
        edges = this.#peer.streamEdges(allowlisted)
        refusal = this.refusalBy(edges)
      }
    }
    if (refusal !== undefined) throw this.books.refuse(refusal)
    this.begin(edges, owner)
  }

  setProtocol (id: ProtocolID): void {
    this.assertOpen()
    if (this.#protocol !== undefined) throw new ScopeAttachedError(this.id, 'protocol')
    const protocol = this.#graph.protocol(id)
    const counted = protocol.peer(this.#peer)
    const refusal = this.#rateRefusal(protocol) ?? protocol.counter.refusalOf(this.counter) ?? counted.refusalOf(this.counter)
    if (refusal !== undefined) throw this.books.refuse(refusal)
    this.addTo(protocol.counter)
    this.addTo(counted)
    this.removeFrom(this.#roots.transient.counter)
    this.edges = edgesOf(this.#peer.counter, counted, protocol.counter, this.#roots.system.counter)
    this.#protocol = protocol
    this.#protocolPeer = counted
  }

  setService (name: string): void {
    this.assertOpen()
    if (this.#service !== undefined) throw new ScopeAttachedError(this.id, 'service')
    if (this.#protocol === undefined || this.#protocolPeer === undefined) throw new ScopeNotAttachedError(this.id, 'protocol')
    const service = this.#graph.service(name)
    const counted = service.peer(this.#peer)
    const refusal = service.counter.refusalOf(this.counter) ?? counted.refusalOf(this.counter)
    if (refusal !== undefined) throw this.books.refuse(refusal)
    this.addTo(service.counter)
    this.addTo(counted)
    this.edges = edgesOf(this.#peer.counter, this.#protocolPeer, counted, this.#protocol.counter, service.counter, this.#roots.system.counter)
    this.#service = service
  }

  #rateRefusal (protocol: ProtocolScope): LocalRefusal | undefined {
    if (!this.#inbound || this.isTrusted) return undefined
    return this.#graph.streamRates.take(protocol)
  }
}
