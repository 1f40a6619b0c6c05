import type {
  ConnManagementScope, Direction, PeerRef, PeerScope, ProtocolID, ProtocolScope, ResourceManager, ResourceScope, ResourceScopeSpan, ScopeStat,
  ServiceScope, StreamManagementScope
} from '@weir/network'
import type { Multiaddr } from '@multiformats/multiaddr'

/** One call of a resource manager or of one of its scopes, on its way. */
export interface ScopeCall {
  /** Such as `openConnection inbound fd /ip4/1.2.3.4/tcp/5` or `conn.setPeer 12D3…`. */
  readonly line: string
  readonly method: string
  /** What kind of call it is; `reserve`, `open` and `attach` are those a limit may refuse. */
  readonly kind: 'open' | 'attach' | 'reserve' | 'release' | 'end'
  /** The scope that was called; `undefined` for the manager. */
  readonly target: object | undefined
  /** The name of a scope that is lent and has no end, such as `peer 12D3…`; `undefined` for scopes with an end. */
  readonly lent: string | undefined
  /** Of `reserve` and `release`. */
  readonly bytes: number
}

/** Gets every call before it is made; makes it with `proceed`, or throws instead. */
export type Intercept = <T> (call: ScopeCall, proceed: () => T) => T

type CallOf = Pick<ScopeCall, 'method' | 'kind'> & { readonly args?: string, readonly bytes?: number }

class InterceptedScope<S extends ResourceScope> implements ResourceScope {
  protected readonly inner: S
  protected readonly intercept: Intercept
  readonly #name: string
  readonly #lent: string | undefined

  constructor (inner: S, intercept: Intercept, name: string, lent?: string) {
    this.inner = inner
    this.intercept = intercept
    this.#name = name
    this.#lent = lent
  }

  reserveMemory (bytes: number, priority: number): void {
    this.call({ method: 'reserveMemory', args: ` ${bytes} ${priority}`, kind: 'reserve', bytes }, () => { this.inner.reserveMemory(bytes, priority) })
  }

  releaseMemory (bytes: number): void {
    this.call({ method: 'releaseMemory', args: ` ${bytes}`, kind: 'release', bytes }, () => { this.inner.releaseMemory(bytes) })
  }

  stat (): ScopeStat {
    return this.inner.stat()
  }

  beginSpan (): ResourceScopeSpan {
    return this.call({ method: 'beginSpan', kind: 'open' }, () => new InterceptedSpan(this.inner.beginSpan(), this.intercept, 'span'))
  }

  protected call<T> ({ method, args = '', kind, bytes = 0 }: CallOf, proceed: () => T): T {
    return this.intercept({ line: `${this.#name}.${method}${args}`, method, kind, target: this, lent: this.#lent, bytes }, proceed)
  }
}

class InterceptedSpan<S extends ResourceScopeSpan> extends InterceptedScope<S> implements ResourceScopeSpan {
  done (): void {
    this.call({ method: 'done', kind: 'end' }, () => { this.inner.done() })
  }

  [Symbol.dispose] (): void {
    this.done()
  }
}

class InterceptedPeerScope extends InterceptedScope<PeerScope> implements PeerScope {
  constructor (inner: PeerScope, intercept: Intercept) {
    super(inner, intercept, 'peer', `peer ${inner.peer}`)
  }

  get peer (): PeerRef {
    return this.inner.peer
  }
}

class InterceptedProtocolScope extends InterceptedScope<ProtocolScope> implements ProtocolScope {
  constructor (inner: ProtocolScope, intercept: Intercept) {
    super(inner, intercept, 'protocol', `protocol ${inner.protocol}`)
  }

  get protocol (): ProtocolID {
    return this.inner.protocol
  }
}

class InterceptedServiceScope extends InterceptedScope<ServiceScope> implements ServiceScope {
  constructor (inner: ServiceScope, intercept: Intercept) {
    super(inner, intercept, 'service', `service ${inner.name}`)
  }

  get name (): string {
    return this.inner.name
  }
}

class InterceptedConnScope extends InterceptedSpan<ConnManagementScope> implements ConnManagementScope {
  get peerScope (): PeerScope | undefined {
    const { peerScope } = this.inner
    return peerScope === undefined ? undefined : new InterceptedPeerScope(peerScope, this.intercept)
  }

  setPeer (peer: PeerRef): PeerScope {
    return this.call({ method: 'setPeer', args: ` ${peer}`, kind: 'attach' }, () => new InterceptedPeerScope(this.inner.setPeer(peer), this.intercept))
  }
}

class InterceptedStreamScope extends InterceptedSpan<StreamManagementScope> implements StreamManagementScope {
  get peerScope (): PeerScope {
    return new InterceptedPeerScope(this.inner.peerScope, this.intercept)
  }

  get protocolScope (): ProtocolScope | undefined {
    const { protocolScope } = this.inner
    return protocolScope === undefined ? undefined : new InterceptedProtocolScope(protocolScope, this.intercept)
  }

  get serviceScope (): ServiceScope | undefined {
    const { serviceScope } = this.inner
    return serviceScope === undefined ? undefined : new InterceptedServiceScope(serviceScope, this.intercept)
  }

  setProtocol (id: ProtocolID): void {
    this.call({ method: 'setProtocol', args: ` ${id}`, kind: 'attach' }, () => { this.inner.setProtocol(id) })
  }

  setService (name: string): void {
    this.call({ method: 'setService', args: ` ${name}`, kind: 'attach' }, () => { this.inner.setService(name) })
  }
}

/** A resource manager that does what `inner` does, with every call of it and of its scopes passing through `intercept`; views and `stat` do not. */
export function interceptedResourceManager (inner: ResourceManager, intercept: Intercept): ResourceManager {
  function open<T> (method: string, args: string, proceed: () => T): T {
    return intercept({ line: `${method} ${args}`, method, kind: 'open', target: undefined, lent: undefined, bytes: 0 }, proceed)
  }
  return {
    viewSystem: fn => inner.viewSystem(scope => fn(new InterceptedScope(scope, intercept, 'system', 'system'))),
    viewTransient: fn => inner.viewTransient(scope => fn(new InterceptedScope(scope, intercept, 'transient', 'transient'))),
    viewService: (name, fn) => inner.viewService(name, scope => fn(new InterceptedServiceScope(scope, intercept))),
    viewProtocol: (id, fn) => inner.viewProtocol(id, scope => fn(new InterceptedProtocolScope(scope, intercept))),
    viewPeer: (peer, fn) => inner.viewPeer(peer, scope => fn(new InterceptedPeerScope(scope, intercept))),
    openConnection: (direction: Direction, usesFd: boolean, endpoint: Multiaddr) => open(
      'openConnection',
      `${direction} ${usesFd ? 'fd ' : ''}${endpoint}`,
      () => new InterceptedConnScope(inner.openConnection(direction, usesFd, endpoint), intercept, 'conn')
    ),
    openStream: (peer: PeerRef, direction: Direction) => open(
      'openStream',
      `${direction} ${peer}`,
      () => new InterceptedStreamScope(inner.openStream(peer, direction), intercept, 'stream')
    ),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close()
  }
}
