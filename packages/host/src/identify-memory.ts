import type { IdentifyResult } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { ADDRESS_TTL_MS, type Network, type PeerRef } from '@weir/network'
import { peerOfAddr, withoutPeer } from './connect-target.ts'
import { IDENTIFY_DEFAULTS } from './defaults.ts'
import { plausibleAddrs } from './plausible-addrs.ts'

/**
 * Puts what a peer says of itself into the peerstore, bounded: its protocols, which new streams then expect without asking,
 * its addresses, its agent and protocol versions.
 *
 * The addresses stay as long as the peer is connected, and some of them for a while after.
 */
export class IdentifyMemory {
  readonly #network: Network

  constructor (network: Network) {
    this.#network = network
  }

  /** To be called with each identification, of a connection or pushed. Runs on what a remote sent. */
  learned (result: Pick<IdentifyResult, 'peerId' | 'protocols' | 'listenAddrs' | 'signedPeerRecord' | 'agentVersion' | 'protocolVersion'>, seenAt: Multiaddr): void {
    const { peerstore } = this.#network
    const peer = result.peerId
    if (result.protocols.length > 0) peerstore.setProtocols(peer, ...result.protocols.slice(0, IDENTIFY_DEFAULTS.maxProtocols))
    if (result.agentVersion !== undefined) peerstore.putMetadata(peer, 'AgentVersion', result.agentVersion.slice(0, IDENTIFY_DEFAULTS.maxVersionChars))
    if (result.protocolVersion !== undefined) peerstore.putMetadata(peer, 'ProtocolVersion', result.protocolVersion.slice(0, IDENTIFY_DEFAULTS.maxVersionChars))

    const claimed = (result.signedPeerRecord?.addresses ?? result.listenAddrs).slice(0, IDENTIFY_DEFAULTS.maxAddrsConnected)
    const own = claimed.filter(addr => (peerOfAddr(addr) ?? peer).toString() === peer.toString()).flatMap(addr => withoutPeer(addr) ?? [])
    // An answer may arrive after the connection has gone.
    const connected = this.#network.connsToPeer(peer).length > 0
    const kept = plausibleAddrs(own, seenAt).slice(0, connected ? IDENTIFY_DEFAULTS.maxAddrsConnected : IDENTIFY_DEFAULTS.maxAddrsRecentlyConnected)
    peerstore.addAddrs(peer, kept, connected ? ADDRESS_TTL_MS.connected : ADDRESS_TTL_MS.recentlyConnected)
  }

  /** To be called when the last connection to a peer has gone. */
  left (peer: PeerRef): void {
    const { peerstore } = this.#network
    const kept = peerstore.addrs(peer).slice(0, IDENTIFY_DEFAULTS.maxAddrsRecentlyConnected)
    peerstore.updateAddrs(peer, ADDRESS_TTL_MS.connected, 0)
    peerstore.addAddrs(peer, kept, ADDRESS_TTL_MS.recentlyConnected)
  }
}
