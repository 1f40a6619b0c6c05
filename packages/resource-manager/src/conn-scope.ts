import { type ConnManagementScope, type PeerRef, ScopeAttachedError, type ScopeId } from '@weir/network'
import type { IpAddress } from './ip-address.ts'
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
    super(graph.books, graph.limiter.connLimits(), [])
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
    const peer = this.#graph.peer(ref)
    if (this.#trusted !== undefined && !this.#graph.allowlist.has(this.#trusted, peer.key)) this.#distrust(peer)
    const refusal = peer.counter.refusalOf(this.counter)
    if (refusal !== undefined) throw this.books.refuse(refusal)
    this.addTo(peer.counter)
    this.removeFrom(this.#roots.transient.counter)
    this.edges = peer.connEdges(this.#roots)
    this.#peer = peer
    if (this.#trusted !== undefined) {
      peer.trustedConns++
      if (this.#roots !== this.#graph.roots.standard) peer.allowlistedConns++
    }
    return peer
  }

  override done (): void {
    if (!this.end()) return
    this.#subnet?.leave()
    if (this.#trusted === undefined || this.#peer === undefined) return
    this.#peer.trustedConns--
    if (this.#roots !== this.#graph.roots.standard) this.#peer.allowlistedConns--
  }

  /**
   * The address is trusted, with another peer: the connection needs the room that everybody needs. When there is none it
   * stays where it is, charged as before, to be ended by its owner.
   */
  #distrust (peer: PeerScope): void {
    const { standard } = this.#graph.roots
    const trusted = this.#trusted as IpAddress
    const moves = this.#roots !== standard
    const subnet = this.#subnet === undefined ? this.#graph.subnets.of(trusted, false) : undefined
    const refusal = subnet?.refusal() ?? (moves ? this.refusalBy(standard.transientEdges) : undefined) ?? peer.counter.refusalOf(this.counter)
    if (refusal !== undefined) throw this.books.refuse(refusal)
    this.#trusted = undefined
    if (subnet !== undefined) {
      this.#subnet = subnet
      subnet.enter()
    }
    if (!moves) return
    for (const edge of standard.transientEdges) this.addTo(edge)
    for (const edge of this.edges) this.removeFrom(edge)
    this.edges = standard.transientEdges
    this.#roots = standard
  }
}
