import type { Multiaddr } from '@multiformats/multiaddr'
import type { ConnManagementScope } from './conn-scope.ts'
import type { Direction } from './direction.ts'
import { ScopeAttachedError, ScopeNotAttachedError } from './errors.ts'
import type { PeerRef } from './peer-ref.ts'
import type { PeerScope } from './peer-scope.ts'
import type { ProtocolID } from './protocol-id.ts'
import type { ProtocolScope } from './protocol-scope.ts'
import type { ResourceManager } from './resource-manager.ts'
import { NullSpan, nullScope } from './resource-scope.null.ts'
import type { ServiceScope } from './service-scope.ts'
import type { StreamManagementScope } from './stream-scope.ts'

/** Remembers its peer, so that "no peer yet" means the same here as with a manager that counts. */
class NullConnScope extends NullSpan implements ConnManagementScope {
  #peerScope: PeerScope | undefined

  constructor () {
    super({ kind: 'connection', id: 0 })
  }

  get peerScope (): PeerScope | undefined {
    return this.#peerScope
  }

  setPeer (peer: PeerRef): PeerScope {
    this.assertOpen()
    if (this.#peerScope !== undefined) throw new ScopeAttachedError({ kind: 'connection', id: 0 }, 'peer')
    this.#peerScope = { ...nullScope, peer }
    return this.#peerScope
  }
}

class NullStreamScope extends NullSpan implements StreamManagementScope {
  readonly #peer: PeerRef
  #protocolScope: ProtocolScope | undefined
  #serviceScope: ServiceScope | undefined

  constructor (peer: PeerRef) {
    super({ kind: 'stream', id: 0 })
    this.#peer = peer
  }

  get peerScope (): PeerScope {
    return { ...nullScope, peer: this.#peer }
  }

  get protocolScope (): ProtocolScope | undefined {
    return this.#protocolScope
  }

  get serviceScope (): ServiceScope | undefined {
    return this.#serviceScope
  }

  setProtocol (protocol: ProtocolID): void {
    this.assertOpen()
    if (this.#protocolScope !== undefined) throw new ScopeAttachedError({ kind: 'stream', id: 0 }, 'protocol')
    this.#protocolScope = { ...nullScope, protocol }
  }

  setService (name: string): void {
    this.assertOpen()
    if (this.#serviceScope !== undefined) throw new ScopeAttachedError({ kind: 'stream', id: 0 }, 'service')
    if (this.#protocolScope === undefined) throw new ScopeNotAttachedError({ kind: 'stream', id: 0 }, 'protocol')
    this.#serviceScope = { ...nullScope, name }
  }
}

/**
 * Counts nothing and refuses nothing: for tests, and for whoever limits elsewhere.
 *
 * @see seed 004, "NullResourceManager"
 */
export const nullResourceManager: ResourceManager = Object.freeze({
  viewSystem: fn => fn(nullScope),
  viewTransient: fn => fn(nullScope),
  viewService: (name, fn) => fn({ ...nullScope, name }),
  viewProtocol: (protocol, fn) => fn({ ...nullScope, protocol }),
  viewPeer: (peer, fn) => fn({ ...nullScope, peer }),
  openConnection: (_direction: Direction, _usesFd: boolean, _endpoint: Multiaddr) => new NullConnScope(),
  openStream: (peer: PeerRef, _direction: Direction) => new NullStreamScope(peer),
  async close () {},
  async [Symbol.asyncDispose] () {}
} satisfies ResourceManager)
