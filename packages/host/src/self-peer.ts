import type { Logger, PeerId, PeerStore } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { ProtocolID } from '@weir/network'

export interface SelfPeerInit {
  readonly peerId: PeerId
  readonly peerStore: PeerStore
  readonly log: Logger
  protocols (): ProtocolID[]
  addrs (): Multiaddr[]
}

/**
 * Mirrors our protocols and addresses into the peer store's entry of ourselves: from there identify answers, and its changes
 * make identify-push push.
 *
 * Changes while one is being stored are stored together: the entry is always brought to what is true then, never through
 * every step.
 *
 * @see reference/js-libp2p.md 2.3, contracts 2 and 5
 */
export class SelfPeer {
  readonly #init: SelfPeerInit
  #dirty = false
  #storing: Promise<void> | undefined
  #ended = false

  constructor (init: SelfPeerInit) {
    this.#init = init
  }

  /** Something has changed. Never throws: what goes wrong is logged, and mended by the next change. */
  changed (): void {
    if (this.#ended) return
    this.#dirty = true
    this.#storing ??= this.#store().finally(() => { this.#storing = undefined })
  }

  /** Resolves when what was true at the call is stored. */
  async settled (): Promise<void> {
    await this.#storing
  }

  end (): void {
    this.#ended = true
    this.#dirty = false
  }

  async #store (): Promise<void> {
    const { peerId, peerStore, protocols, addrs, log } = this.#init
    await Promise.resolve() // several changes of one turn are one
    while (this.#dirty) {
      this.#dirty = false
      try {
        await peerStore.patch(peerId, { protocols: protocols(), multiaddrs: addrs() })
      } catch (error) {
        log.error('our own entry in the peer store could not be written - %e', error)
      }
    }
  }
}
