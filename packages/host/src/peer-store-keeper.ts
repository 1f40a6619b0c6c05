import type { Logger, PeerId, PeerStore } from '@libp2p/interface'
import type { ProtocolID } from '@weir/network'
import { HOST_DEFAULTS } from './defaults.ts'

export interface PeerStoreKeeperInit {
  readonly peerStore: PeerStore
  readonly log: Logger
}

/**
 * Keeps the js peer store true and small: a protocol that was agreed on is noted there, once per peer, and of the peers that
 * have gone the store remembers the last ones alone. Every peer that connects makes an entry: without that, remotes could fill
 * the memory.
 *
 * Works in the background: what fails is logged.
 *
 * @see reference/js-libp2p.md 2.3, contract 4
 */
export class PeerStoreKeeper {
  readonly #init: PeerStoreKeeperInit
  readonly #noted = new Map<string, Set<ProtocolID>>()
  /** Peers that have gone, the one that left first in front. */
  readonly #gone = new Map<string, PeerId>()

  constructor (init: PeerStoreKeeperInit) {
    this.#init = init
  }

  connected (peer: PeerId): void {
    this.#gone.delete(peer.toString())
    if (!this.#noted.has(peer.toString())) this.#noted.set(peer.toString(), new Set())
  }

  /** Does nothing for peers that are not connected: they are not to fill the map. */
  agreed (peer: PeerId, protocol: ProtocolID): void {
    const noted = this.#noted.get(peer.toString())
    if (noted === undefined || noted.has(protocol)) return
    noted.add(protocol)
    this.#inBackground(async () => { await this.#init.peerStore.merge(peer, { protocols: [protocol] }) })
  }

  /** @returns the protocols that the peer is known to speak */
  async disconnected (peer: PeerId): Promise<ProtocolID[]> {
    this.#noted.delete(peer.toString())
    this.#gone.set(peer.toString(), peer)
    const [oldest] = this.#gone.values()
    if (oldest !== undefined && this.#gone.size > HOST_DEFAULTS.maxRememberedPeers) {
      this.#gone.delete(oldest.toString())
      this.#inBackground(async () => { await this.#init.peerStore.delete(oldest) })
    }
    return await this.#init.peerStore.get(peer).then(({ protocols }) => protocols, () => [])
  }

  #inBackground (work: () => Promise<void>): void {
    void Promise.try(work).catch(error => { this.#init.log.error('the peer store could not be written - %e', error) })
  }
}
