import {
  type ConnManagementScope, type Direction, type LimitedResource, type PeerRef, type PeerScope, type ProtocolScope, ResourceLimitExceededError,
  type ResourceManager, type ResourceScope, ResourceScopeClosedError, type ResourceScopeSpan, ScopeAttachedError, type ScopeId, ScopeNotAttachedError,
  type ScopeStat, type ServiceScope, type StreamManagementScope
} from '@weir/network'
import type { ScopeLimit, ScopeLimits } from '../src/index.ts'

/** What can be broken in the manager below, to see which cases find it. */
export type Mutant =
  | 'keeps what was refused above' | 'forgets a parent on release' | 'peer scope before setPeer' | 'attaches twice' | 'works after its end' | 'charges system twice'
  | 'no rollback of setProtocol' | 'ends twice' | 'takes any number' | 'border too high' | 'wrong scope in the refusal' | 'no hint' | 'stat after the end'
  | 'swallows the error of a view' | 'over-release takes from others' | 'fd always' | 'spans leak'

type Use = { -readonly [K in keyof ScopeStat]: number }
type Delta = Partial<Use>

const nothing = (): Use => ({ numStreamsInbound: 0, numStreamsOutbound: 0, numConnsInbound: 0, numConnsOutbound: 0, numFD: 0, memoryBytes: 0 })

class Counter {
  readonly use: Use = nothing()
  readonly id: ScopeId
  readonly #limit: ScopeLimit
  readonly #mutants: ReadonlySet<Mutant>

  constructor (id: ScopeId, limit: ScopeLimit = {}, mutants: ReadonlySet<Mutant>) {
    this.id = id
    this.#limit = limit
    this.#mutants = mutants
  }

  add (delta: Delta, priority?: number): void {
    const { use } = this
    const check = (resource: LimitedResource, current: number, attempted = 0, limit = Infinity, direction?: Direction): void => {
      if (attempted === 0) return
      const border = priority === undefined || limit === Infinity ? limit : Math.floor((1 + priority) * limit / 256) + (this.#mutants.has('border too high') ? 1 : 0)
      if (current + attempted <= border) return
      const scope: ScopeId = this.#mutants.has('wrong scope in the refusal') ? { kind: 'subnet', prefix: '' } : this.id
      throw Object.assign(new ResourceLimitExceededError({ where: 'local', scope, resource, direction, current, attempted, limit, priority, ...(this.#mutants.has('no hint') ? { hint: '' } : {}) }))
    }
    const limit = this.#limit
    check('memory', use.memoryBytes, delta.memoryBytes, limit.memoryBytes)
    check('stream', use.numStreamsInbound, delta.numStreamsInbound, limit.streamsInbound, 'inbound')
    check('stream', use.numStreamsOutbound, delta.numStreamsOutbound, limit.streamsOutbound, 'outbound')
    check('stream', use.numStreamsInbound + use.numStreamsOutbound, (delta.numStreamsInbound ?? 0) + (delta.numStreamsOutbound ?? 0), limit.streams)
    check('connection', use.numConnsInbound, delta.numConnsInbound, limit.connsInbound, 'inbound')
    check('connection', use.numConnsOutbound, delta.numConnsOutbound, limit.connsOutbound, 'outbound')
    check('connection', use.numConnsInbound + use.numConnsOutbound, (delta.numConnsInbound ?? 0) + (delta.numConnsOutbound ?? 0), limit.conns)
    check('fd', use.numFD, delta.numFD, limit.fds)
    this.#apply(delta, 1)
  }

  remove (delta: Delta): void {
    this.#apply(delta, -1)
  }

  #apply (delta: Delta, sign: number): void {
    for (const [name, value] of Object.entries(delta)) this.use[name as keyof Use] += sign * (value ?? 0)
  }
}

function addAll (counters: readonly Counter[], delta: Delta, priority?: number): void {
  const added: Counter[] = []
  try {
    for (const counter of counters) {
      counter.add(delta, priority)
      added.push(counter)
    }
  } catch (error) {
    for (const counter of added) counter.remove(delta)
    throw error
  }
}

class Scope implements ResourceScopeSpan {
  readonly own: Counter
  parents: Counter[]
  readonly house: House
  readonly #owner: Scope | undefined
  #ended = false
  #spans = 0

  constructor (house: House, own: Counter, parents: Counter[], owner?: Scope) {
    this.house = house
    this.own = own
    this.parents = parents
    this.#owner = owner
  }

  reserveMemory (bytes: number, priority: number): void {
    if (!this.house.mutants.has('takes any number')) {
      if (!Number.isSafeInteger(bytes) || bytes < 0) throw new RangeError(`bytes ${bytes}`)
      if (!Number.isInteger(priority) || priority < 0 || priority > 255) throw new RangeError(`priority ${priority}`)
    }
    this.charge({ memoryBytes: bytes }, priority)
  }

  releaseMemory (bytes: number): void {
    if (!this.house.mutants.has('takes any number') && (!Number.isInteger(bytes) || bytes < 0)) throw new RangeError(`bytes ${bytes}`)
    this.discharge({ memoryBytes: this.house.mutants.has('over-release takes from others') ? bytes : Math.min(bytes, this.own.use.memoryBytes) })
  }

  stat (): ScopeStat {
    return { ...this.own.use }
  }

  beginSpan (): ResourceScopeSpan {
    this.assertOpen()
    return new Scope(this.house, new Counter({ kind: 'span', owner: this.own.id, id: ++this.#spans }, {}, this.house.mutants), [], this)
  }

  done (): void {
    if (this.#ended && !this.house.mutants.has('ends twice')) return
    const held = { ...this.own.use }
    if (this.#owner !== undefined && this.house.mutants.has('spans leak')) this.own.remove(held)
    else this.discharge(held)
    if (this.house.mutants.has('stat after the end')) this.own.use.memoryBytes = 1
    if (this.house.mutants.has('ends twice')) this.own.use.numConnsInbound = held.numConnsInbound
    this.#ended = true
  }

  [Symbol.dispose] (): void {
    this.done()
  }

  charge (delta: Delta, priority?: number): void {
    this.assertOpen()
    this.own.add(delta, priority)
    try {
      if (this.#owner === undefined) addAll(this.parents, delta, priority)
      else this.#owner.charge(delta, priority)
    } catch (error) {
      if (!this.house.mutants.has('keeps what was refused above')) this.own.remove(delta)
      throw error
    }
  }

  discharge (delta: Delta): void {
    if (this.#ended && !this.house.mutants.has('ends twice')) return
    this.own.remove(delta)
    if (this.#owner !== undefined) this.#owner.discharge(delta)
    else for (const parent of this.house.mutants.has('forgets a parent on release') ? this.parents.slice(1) : this.parents) parent.remove(delta)
  }

  /** Charges `gained`, gives back `left`, or does neither. */
  move (gained: Counter[], left: Counter[]): void {
    addAll(gained, this.own.use)
    for (const counter of left) counter.remove(this.own.use)
    this.parents = [...this.parents.filter(counter => !left.includes(counter)), ...gained]
  }

  assertOpen (): void {
    if (this.#ended && !this.house.mutants.has('works after its end')) throw new ResourceScopeClosedError(this.own.id)
  }
}

class ConnScope extends Scope implements ConnManagementScope {
  #peer: PeerScope | undefined

  get peerScope (): PeerScope | undefined {
    return this.#peer ?? (this.house.mutants.has('peer scope before setPeer') ? this.house.peerScope({ type: '', toString: () => '' }) : undefined)
  }

  setPeer (peer: PeerRef): PeerScope {
    this.assertOpen()
    if (this.#peer !== undefined && !this.house.mutants.has('attaches twice')) throw new ScopeAttachedError(this.own.id, 'peer')
    const scope = this.house.peerScope(peer)
    this.move([scope.own, ...(this.house.mutants.has('charges system twice') ? [this.house.system.own] : [])], [this.house.transient.own])
    this.#peer = scope
    return scope
  }
}

class StreamScope extends Scope implements StreamManagementScope {
  readonly peerScope: PeerScope
  protocolScope: ProtocolScope | undefined
  serviceScope: ServiceScope | undefined

  constructor (house: House, own: Counter, peer: PeerScope & Scope) {
    super(house, own, [peer.own, house.transient.own, house.system.own])
    this.peerScope = peer
  }

  setProtocol (protocol: string): void {
    this.assertOpen()
    if (this.protocolScope !== undefined && !this.house.mutants.has('attaches twice')) throw new ScopeAttachedError(this.own.id, 'protocol')
    const scope = this.house.protocolScope(protocol)
    const gained = [scope.own, this.house.counter(`protocol-peer ${protocol} ${this.peerScope.peer}`, { kind: 'protocol-peer', protocol, peer: this.peerScope.peer })]
    if (this.house.mutants.has('no rollback of setProtocol')) for (const counter of gained) counter.add(this.own.use)
    if (this.house.mutants.has('no rollback of setProtocol')) for (const counter of gained) counter.remove(this.own.use)
    this.move(gained, [this.house.transient.own])
    this.protocolScope = scope
  }

  setService (name: string): void {
    this.assertOpen()
    if (this.serviceScope !== undefined && !this.house.mutants.has('attaches twice')) throw new ScopeAttachedError(this.own.id, 'service')
    if (this.protocolScope === undefined) throw new ScopeNotAttachedError(this.own.id, 'protocol')
    const scope = this.house.serviceScope(name)
    this.move([scope.own, this.house.counter(`service-peer ${name} ${this.peerScope.peer}`, { kind: 'service-peer', service: name, peer: this.peerScope.peer })], [])
    this.serviceScope = scope
  }
}

class House {
  readonly system: Scope
  readonly transient: Scope
  readonly mutants: ReadonlySet<Mutant>
  readonly #limits: ScopeLimits
  readonly #lasting = new Map<string, Counter>()
  #ids = 0

  constructor (limits: ScopeLimits, mutants: ReadonlySet<Mutant>) {
    this.#limits = limits
    this.mutants = mutants
    this.system = new Scope(this, this.counter('system', { kind: 'system' }), [])
    this.transient = new Scope(this, this.counter('transient', { kind: 'transient' }), [this.system.own])
  }

  counter (key: string, id: ScopeId): Counter {
    const counter = this.#lasting.get(key) ?? this.#counter(id)
    this.#lasting.set(key, counter)
    return counter
  }

  #counter (id: ScopeId): Counter {
    return new Counter(id, this.#limits[id.kind as keyof ScopeLimits], this.mutants)
  }

  peerScope (peer: PeerRef): PeerScope & Scope {
    return Object.assign(this.#lent(`peer ${peer}`, { kind: 'peer', peer }), { peer })
  }

  protocolScope (protocol: string): ProtocolScope & Scope {
    return Object.assign(this.#lent(`protocol ${protocol}`, { kind: 'protocol', protocol }), { protocol })
  }

  serviceScope (name: string): ServiceScope & Scope {
    return Object.assign(this.#lent(`service ${name}`, { kind: 'service', service: name }), { name })
  }

  openConnection (direction: Direction, usesFd: boolean): ConnManagementScope {
    const scope = new ConnScope(this, this.#counter({ kind: 'connection', id: ++this.#ids }), [this.transient.own, this.system.own])
    scope.charge({ [direction === 'inbound' ? 'numConnsInbound' : 'numConnsOutbound']: 1, numFD: usesFd || this.mutants.has('fd always') ? 1 : 0 })
    return scope
  }

  openStream (peer: PeerRef, direction: Direction): StreamManagementScope {
    const scope = new StreamScope(this, this.#counter({ kind: 'stream', id: ++this.#ids }), this.peerScope(peer))
    scope.charge({ [direction === 'inbound' ? 'numStreamsInbound' : 'numStreamsOutbound']: 1 })
    return scope
  }

  #lent (key: string, id: ScopeId): Scope {
    return new Scope(this, this.counter(key, id), [this.system.own])
  }
}

/** The smallest manager that does all that the contract says, with switches to break it. Never forgets a peer: for tests only. */
export function countingManager (limits: ScopeLimits, ...broken: Mutant[]): ResourceManager {
  const house = new House(limits, new Set(broken))
  function lend<S extends ResourceScope, T> (scope: S, fn: (scope: S) => T): T {
    if (!house.mutants.has('swallows the error of a view')) return fn(scope)
    try {
      return fn(scope)
    } catch {
      return undefined as T
    }
  }
  return {
    viewSystem: fn => lend<ResourceScope, ReturnType<typeof fn>>(house.system, fn),
    viewTransient: fn => lend<ResourceScope, ReturnType<typeof fn>>(house.transient, fn),
    viewService: (name, fn) => lend<ServiceScope, ReturnType<typeof fn>>(house.serviceScope(name), fn),
    viewProtocol: (id, fn) => lend<ProtocolScope, ReturnType<typeof fn>>(house.protocolScope(id), fn),
    viewPeer: (peer, fn) => lend<PeerScope, ReturnType<typeof fn>>(house.peerScope(peer), fn),
    openConnection: (direction, usesFd) => house.openConnection(direction, usesFd),
    openStream: (peer, direction) => house.openStream(peer, direction),
    async close () {},
    async [Symbol.asyncDispose] () {}
  }
}
