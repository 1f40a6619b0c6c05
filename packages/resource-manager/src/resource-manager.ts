import type { Multiaddr } from '@multiformats/multiaddr'
import { type Direction, ipAddressOf, type PeerRef, type ProtocolID, type ResourceManager } from '@weir/network'
import type * as network from '@weir/network'
import { AllowlistTable } from './allowlist.ts'
import { Books } from './books.ts'
import { ConnScope } from './conn-scope.ts'
import { type Leak, Owner } from './owner.ts'
import { peersWithoutConns } from './peers-without-conns.ts'
import { OwnedManager } from './owned-manager.ts'
import { Pressure } from './pressure.ts'
import { RateLimiter } from './rate-limiter.ts'
import { type ResourceManagerInit, type ResourceManagerSettings, resolveResourceManagerInit } from './resource-manager-init.ts'
import type { ResourceManagerState } from './resource-manager-state.ts'
import type { ResourceSnapshot, SnapshotOptions } from './resource-snapshot.ts'
import type { Scope } from './scope.ts'
import { ScopeGraph } from './scope-graph.ts'
import { StreamRates } from './stream-rates.ts'
import { StreamScope } from './stream-scope.ts'
import { SubnetLimiter } from './subnet-limiter.ts'
import { takeSnapshot } from './take-snapshot.ts'
import { TraceFile } from './trace-file.ts'
import { ListenerSink } from './trace-listener.ts'

/**
 * Makes a resource manager: it counts every connection, stream, descriptor and byte where it belongs, and refuses what is too
 * much before it costs anything. The caller owns it and closes it, after all that uses it.
 *
 * Each operation is synchronous, and charges everything or nothing. Nobody else's code runs in the middle of one but the
 * limits themselves, where they are objects with getters.
 *
 * @throws {TypeError} at an option that is not known
 * @throws {RangeError} at a number that is none of its kind
 * @throws {LimitConfigError} at limits that are none
 * @throws {AllowlistAddrError} at an entry of the allowlist without an address
 * @throws {TraceFileError} when the trace file cannot be written
 * @see seed 004, "ResourceManager"
 */
export function createResourceManager (init: ResourceManagerInit = {}): ResourceManager & ResourceManagerState {
  return new CountingManager(resolveResourceManagerInit(init))
}

class CountingManager implements ResourceManager, ResourceManagerState {
  readonly allowlist: AllowlistTable
  readonly #books: Books
  readonly #graph: ScopeGraph
  readonly #rates: RateLimiter
  readonly #busyOwners = new Set<Owner>()
  readonly #makeOwner: (label: string | undefined) => Owner
  #numConns = 0
  #numStreams = 0
  #closing: Promise<void> | undefined

  constructor (settings: ResourceManagerSettings) {
    const { limiter, allowlist, subnetLimits, rateLimits, signals, clock, leakDetection, onMisuse, maxIdleScopes, maxRateBuckets, trace } = settings
    this.allowlist = new AllowlistTable(allowlist)
    this.#books = new Books({ clock, pressure: new Pressure(signals), maxIdleScopes, onMisuse, traceSink: typeof trace === 'function' ? new ListenerSink(trace) : trace && new TraceFile(trace, clock) })
    this.#graph = new ScopeGraph({
      books: this.#books,
      limiter,
      allowlist: this.allowlist,
      subnets: new SubnetLimiter(subnetLimits),
      streamRates: new StreamRates(rateLimits, clock)
    })
    this.#rates = new RateLimiter({ limits: rateLimits, clock, maxBuckets: maxRateBuckets })
    const misuse = leakDetection === 'warn' ? this.#books.misuse : undefined
    this.#makeOwner = label => new Owner({ label, clock, busy: this.#busyOwners, misuse })
    if (leakDetection !== 'off') this.#books.rootOwner = this.#makeOwner(undefined)
  }

  get connLimit (): number {
    return this.#graph.roots.standard.system.counter.limit.conns
  }

  openConnection (direction: Direction, usesFd: boolean, endpoint: Multiaddr, owner?: Owner): ConnScope {
    const { subnets } = this.#graph
    this.#books.idle.sweepWhenFull()
    const inbound = direction === 'inbound'
    const address = subnets.isEmpty && this.#rates.isEmpty && this.allowlist.size === 0 ? undefined : ipAddressOf(endpoint)
    const trusted = address !== undefined && this.allowlist.hasAddress(address) ? address : undefined
    const subnet = address === undefined ? undefined : subnets.of(address, trusted !== undefined)
    let refusal = trusted !== undefined ? undefined : (inbound ? this.#books.pressure.refuseInbound() : undefined) ?? (this.#rates.isEmpty ? undefined : this.#rates.take(address))
    refusal ??= subnet?.refusal()
    if (refusal !== undefined) throw this.#books.refuse(refusal)
    const conn = new ConnScope(this.#graph, ++this.#numConns, trusted)
    conn.open(inbound, usesFd, subnet, owner)
    return conn
  }

  openStream (peer: PeerRef, direction: Direction, owner?: Owner): StreamScope {
    this.#books.idle.sweepWhenFull()
    const inbound = direction === 'inbound'
    const peerScope = this.#graph.peer(peer)
    if (inbound && !peerScope.isTrusted) {
      const refusal = this.#books.pressure.refuseInbound() ?? this.#graph.streamRates.take(peerScope)
      if (refusal !== undefined) throw this.#books.refuse(refusal)
    }
    const stream = new StreamScope(this.#graph, ++this.#numStreams, peerScope, inbound)
    stream.open(owner)
    return stream
  }

  viewSystem<T> (fn: (scope: network.ResourceScope) => T): T {
    return fn(this.#graph.roots.standard.system)
  }

  viewTransient<T> (fn: (scope: network.ResourceScope) => T): T {
    return fn(this.#graph.roots.standard.transient)
  }

  viewService<T> (name: string, fn: (scope: network.ServiceScope) => T): T {
    return this.#lend(() => this.#graph.service(name), fn)
  }

  viewProtocol<T> (id: ProtocolID, fn: (scope: network.ProtocolScope) => T): T {
    return this.#lend(() => this.#graph.protocol(id), fn)
  }

  viewPeer<T> (peer: PeerRef, fn: (scope: network.PeerScope) => T): T {
    return this.#lend(() => this.#graph.peer(peer), fn)
  }

  listServices (): string[] {
    return [...this.#graph.services.keys()].sort()
  }

  listProtocols (): ProtocolID[] {
    return [...this.#graph.protocols.keys()].sort()
  }

  listPeers (): PeerRef[] {
    return [...this.#graph.peers].sort(([a], [b]) => a < b ? -1 : 1).map(([, { peer }]) => peer)
  }

  ownedBy (label: string): ResourceManager {
    return new OwnedManager(this, this.#makeOwner(label))
  }

  snapshot (options: SnapshotOptions = {}): ResourceSnapshot {
    return takeSnapshot(this.#graph, this.#rates, options)
  }

  leaks (): Leak[] {
    return [...[...this.#busyOwners].flatMap(owner => owner.leaks(this.#closing !== undefined)), ...peersWithoutConns(this.#graph.peers.values())]
  }

  async close (): Promise<void> {
    this.#closing ??= this.#books.close()
    await this.#closing
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }

  #lend<S extends Scope, T> (find: () => S, fn: (scope: S) => T): T {
    this.#books.idle.sweepWhenFull()
    const scope = find()
    scope.pin()
    try {
      return fn(scope)
    } finally {
      scope.unpin()
    }
  }
}
