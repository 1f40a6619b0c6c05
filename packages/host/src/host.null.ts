import {
  Connectedness, type DialPeerOptions, type Network, type NewStreamOptions, NoConnError, NoRemoteAddrsError, nullPeerstore, nullResourceManager, type PeerRef, type ProtocolID, systemClock
} from '@weir/network'
import { type ConnectTarget, resolveTarget } from './connect-target.ts'
import type { Host } from './host.ts'
import { nullHostComponents } from './host-components.null.ts'

const { peerId } = nullHostComponents

/** Reaches nobody: there is no Null of a network elsewhere, since only this needs one. */
const nullNetwork: Network = Object.freeze({
  peerstore: nullPeerstore,
  localPeer: peerId,
  resourceManager: nullResourceManager,
  async dialPeer (peer: PeerRef, options: DialPeerOptions = {}) {
    options.signal?.throwIfAborted()
    throw new NoRemoteAddrsError(peer)
  },
  async closePeer () {},
  connectedness: () => Connectedness.notConnected,
  peers: () => [],
  conns: () => [],
  connsToPeer: () => [],
  notify () {},
  stopNotify () {},
  canDial: () => false,
  setStreamHandler () {},
  async newStream (peer: PeerRef, options: NewStreamOptions = {}) {
    options.signal?.throwIfAborted()
    throw options.noDial === undefined ? new NoRemoteAddrsError(peer) : new NoConnError(peer)
  },
  async listen () {},
  async listenClose () {},
  listenAddresses: () => [],
  interfaceListenAddresses: () => [],
  async close () {},
  async [Symbol.asyncDispose] () {}
} satisfies Network)

/** Speaks no protocol, reaches nobody, remembers nothing. Its key is known to everybody. */
export const nullHost: Host = Object.freeze({
  network: nullNetwork,
  peer: peerId,
  clock: systemClock,
  components: nullHostComponents,
  services: Object.freeze({}),
  setStreamHandler () {},
  setStreamHandlerMatch () {},
  removeStreamHandler () {},
  protocols: () => [],
  addrs: () => [],
  async connect (target: ConnectTarget, options?: DialPeerOptions) {
    return await nullNetwork.dialPeer(resolveTarget(target).peer, options)
  },
  async newStream (peer: PeerRef, protocols: ProtocolID | readonly ProtocolID[], options?: NewStreamOptions) {
    if (protocols.length === 0) throw new RangeError('give at least one protocol')
    return await nullNetwork.newStream(peer, options)
  },
  async start () {},
  async close () {},
  async [Symbol.asyncDispose] () {}
} satisfies Host)
