import { type ConnManagementScope, type IpAddress, type PeerRef, ScopeAttachedError, type ScopeId } from '@weir/network'
import { NO_EDGES } from './edges.ts'
import type { Owner } from './owner.ts'
import { OwnedScope } from './owned-scope.ts'
import type { PeerScope } from './peer-scope.ts'
import type { RootPair } from './roots.ts'
import type { ScopeGraph } from './scope-graph.ts'
import type { SubnetCount } from './subnet-count.ts'

/**
 * The scope of a connection: in transient until its peer is known, then in its peer's.
 *
 * @see reference/go-libp2p.md 2.2
 */
export class ConnScope extends OwnedScope implements ConnManagementScope {
  readonly #graph: ScopeGraph
  readonly #number: number
  #roots: RootPair
  // The address that is trusted; `undefined` once the peer turned out to be somebody else.
  #trusted: IpAddress | undefined
  #subnet: SubnetCount | undefined
  #peer: PeerScope | undefined

  constructor (graph: ScopeGraph, number: number, trusted: IpAddress | undefined) {
    super(graph.books, graph.limiter.connLimits(), NO_EDGES)
    this.#graph = graph
    this.#number = number
    this.#roots = graph.roots.standard
    this.#trusted = trusted
  }

  get id (): ScopeId {
    return { kind: 'connection', id: this.#number }
  }

  get peerScope (): PeerScope | undefined {
    return this.#peer
  }

  override get isTrusted (): boolean {
    return this.#trusted !== undefined
  }

  /** Begins in transient, the allowlisted one for a trusted address that finds no room elsewhere. Throws and charges nothing when there is none. */
  open (inbound: boolean, usesFd: boolean, subnet: SubnetCount | undefined, owner: Owner | undefined): void {
    const { standard, allowlisted } = this.#graph.roots
    let refusal = this.counter.connRefusal(inbound ? 1 : 0, inbound ? 0 : 1, usesFd ? 1 : 0)
    if (refusal === undefined) {
      this.counter.addConn(inbound, usesFd)
      refusal = this.refusalBy(standard.transientEdges)
      if (refusal !== undefined && this.#trusted !== undefined) {
        this.#roots = allowlisted
        refusal = this.refusalBy(allowlisted.transientEdges)
      }
    }
    if (refusal !== undefined) throw this.books.refuse(refusal)
    this.#subnet = subnet
    subnet?.enter()
    this.begin(this.#roots.transientEdges, owner)
  }

  setPeer (ref: PeerRef): PeerScope {
    this.assertOpen()
    if (this.#peer !== undefined) throw new ScopeAttachedError(this.id, 'peer')
    const { allowlist, subnets, roots: { standard } } = this.#graph
    const peer = this.#graph.peer(ref)
    // The address is trusted with another peer: the connection needs the room that everybody needs.
    const stranger = this.#trusted !== undefined && !allowlist.has(this.#trusted, peer.key)
    const subnet = stranger && this.#trusted !== undefined && this.#subnet === undefined ? subnets.of(this.#trusted, false) : undefined
    const moves = stranger && this.#roots !== standard
    const pressure = stranger && this.counter.hasInboundConns ? this.books.pressure.refuseInbound() : undefined
    const refusal = pressure ?? subnet?.refusal() ?? (moves ? this.refusalBy(standard.transientEdges) : undefined) ?? peer.counter.refusalOf(this.counter)
    if (refusal !== undefined) throw this.books.refuse(refusal) // it stays where it is, to be ended by its owner
    if (stranger) this.#trusted = undefined
    if (subnet !== undefined) {
      this.#subnet = subnet
      subnet.enter()
    }
    this.addTo(peer.counter)
    this.removeFrom(this.#roots.transient.counter)
    if (moves) {
      this.addTo(standard.system.counter)
      this.removeFrom(this.#roots.system.counter)
      this.#roots = standard
    }
    this.edges = peer.connEdges(this.#roots)
    this.#peer = peer
    if (this.#trusted !== undefined) this.#countTrust(peer, 1)
    return peer
  }

  override done (): void {
    if (!this.end()) return
    this.#subnet?.leave()
    if (this.#trusted !== undefined && this.#peer !== undefined) this.#countTrust(this.#peer, -1)
  }

  #countTrust (peer: PeerScope, change: 1 | -1): void {
    peer.trustedConns += change
    if (this.#roots !== this.#graph.roots.standard) peer.allowlistedConns += change
  }
}
