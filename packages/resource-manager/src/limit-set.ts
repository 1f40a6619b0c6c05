/**
 * One `T` for every scope that there can be: what all configurations of limits have in common.
 *
 * Keyed by text: a service's name, a protocol's id, a peer's text form. What is not listed has the `...Default`.
 */
export interface LimitSet<T> {
  readonly system: T
  readonly transient: T
  /** In place of `system` and `transient`, for connections from trusted addresses that those two refused. */
  readonly allowlistedSystem: T
  readonly allowlistedTransient: T
  readonly serviceDefault: T
  readonly service: ReadonlyMap<string, T>
  readonly servicePeerDefault: T
  readonly servicePeer: ReadonlyMap<string, T>
  readonly protocolDefault: T
  readonly protocol: ReadonlyMap<string, T>
  readonly protocolPeerDefault: T
  readonly protocolPeer: ReadonlyMap<string, T>
  readonly peerDefault: T
  readonly peer: ReadonlyMap<string, T>
  readonly conn: T
  readonly stream: T
}

/** The entries of a `LimitSet` that hold one value for each name. */
export type KeyedScope = 'service' | 'servicePeer' | 'protocol' | 'protocolPeer' | 'peer'
/** The entries of a `LimitSet` that hold one value. */
export type SingleScope = Exclude<keyof LimitSet<unknown>, KeyedScope>

/** Scopes with one value, in the order in which Go writes them. */
export const SINGLE_SCOPES: readonly SingleScope[] = Object.freeze([
  'system', 'transient', 'allowlistedSystem', 'allowlistedTransient', 'serviceDefault', 'servicePeerDefault', 'protocolDefault', 'protocolPeerDefault',
  'peerDefault', 'conn', 'stream'
])

/** Scopes with one value for each name: Go writes them before the others. */
export const KEYED_SCOPES: readonly KeyedScope[] = Object.freeze(['service', 'servicePeer', 'protocol', 'protocolPeer', 'peer'])

/** What a name has that is not listed. */
export const DEFAULT_OF: Readonly<Record<KeyedScope, SingleScope>> = Object.freeze({
  service: 'serviceDefault',
  servicePeer: 'servicePeerDefault',
  protocol: 'protocolDefault',
  protocolPeer: 'protocolPeerDefault',
  peer: 'peerDefault'
})

/** Makes a set of another kind, value by value. `path` names the value for people, such as `service["libp2p.ping"]`. */
export function mapLimitSet<T, U> (set: LimitSet<T>, make: (value: T, path: string) => U): LimitSet<U> {
  const single = SINGLE_SCOPES.map(scope => [scope, make(set[scope], scope)])
  const keyed = KEYED_SCOPES.map(scope => [scope, new Map(Array.from(set[scope], ([name, value]) => [name, make(value, keyedPath(scope, name))]))])
  return Object.freeze(Object.fromEntries([...single, ...keyed]))
}

/** How a value of a keyed scope is named for people. */
export function keyedPath (scope: string, name: string): string {
  return `${scope}[${JSON.stringify(name)}]`
}
