import type { Peerstore } from './peerstore.ts'

/** Remembers nothing. */
export const nullPeerstore: Peerstore = Object.freeze({
  addAddrs () {},
  setAddrs () {},
  updateAddrs () {},
  addrs: () => [],
  clearAddrs () {},
  peersWithAddrs: () => [],
  publicKey: () => undefined,
  addPublicKey () {},
  peersWithKeys: () => [],
  protocols: () => [],
  addProtocols () {},
  setProtocols () {},
  removeProtocols () {},
  supportsProtocols: () => [],
  firstSupportedProtocol: () => undefined,
  metadata: () => undefined,
  putMetadata () {},
  recordLatency () {},
  latencyEwmaMs: () => 0,
  peerInfo: peer => ({ peer, addrs: [] }),
  peers: () => [],
  removePeer () {},
  async close () {},
  async [Symbol.asyncDispose] () {}
} satisfies Peerstore)
