import type { Multiaddr } from '@multiformats/multiaddr'
import type { ConnManagementScope, Direction, PeerRef, ProtocolID, ResourceManager, ResourceScope, StreamManagementScope } from '@weir/network'
import type * as network from '@weir/network'
import type { Owner } from './owner.ts'

/** A manager that can be told who opens. */
export interface LabelledOpener extends network.ResourceScopeViewer {
  openConnection (direction: Direction, usesFd: boolean, endpoint: Multiaddr, owner: Owner): ConnManagementScope
  openStream (peer: PeerRef, direction: Direction, owner: Owner): StreamManagementScope
}

/** A manager under the name of one component. Closing it ends the component's time, and nothing else. */
export class OwnedManager implements ResourceManager {
  readonly #manager: LabelledOpener
  readonly #owner: Owner

  constructor (manager: LabelledOpener, owner: Owner) {
    this.#manager = manager
    this.#owner = owner
  }

  openConnection (direction: Direction, usesFd: boolean, endpoint: Multiaddr): ConnManagementScope {
    return this.#manager.openConnection(direction, usesFd, endpoint, this.#owner)
  }

  openStream (peer: PeerRef, direction: Direction): StreamManagementScope {
    return this.#manager.openStream(peer, direction, this.#owner)
  }

  viewSystem<T> (fn: (scope: ResourceScope) => T): T {
    return this.#manager.viewSystem(fn)
  }

  viewTransient<T> (fn: (scope: ResourceScope) => T): T {
    return this.#manager.viewTransient(fn)
  }

  viewService<T> (name: string, fn: (scope: network.ServiceScope) => T): T {
    return this.#manager.viewService(name, fn)
  }

  viewProtocol<T> (id: ProtocolID, fn: (scope: network.ProtocolScope) => T): T {
    return this.#manager.viewProtocol(id, fn)
  }

  viewPeer<T> (peer: PeerRef, fn: (scope: network.PeerScope) => T): T {
    return this.#manager.viewPeer(peer, fn)
  }

  async close (): Promise<void> {
    this.#owner.hasEnded = true
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }
}
