import { privateKeyFromRaw } from '@libp2p/crypto/keys'
import type { Libp2pEvents, NodeInfo, PeerId, TypedEventTarget } from '@libp2p/interface'
import type { AddressManager, ConnectionManager, Registrar } from '@libp2p/interface-internal'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { persistentPeerStore } from '@libp2p/peer-store'
import { nullLogger } from '@weir/adapters'
import { NoConnError, NoRemoteAddrsError } from '@weir/network'
import { BlackHoleDatastore } from 'datastore-core/black-hole'
import { NotOfferedError, UnhandledProtocolError } from './errors.ts'
import type { HostComponents } from './host-components.ts'

// The key whose seed is 32 zeros: everybody has it, so it is nobody's.
const PRIVATE_KEY = privateKeyFromRaw(Buffer.from(`${'00'.repeat(32)}3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29`, 'hex'))
const PEER_ID: PeerId = peerIdFromPrivateKey(PRIVATE_KEY)

const nullNodeInfo: NodeInfo = Object.freeze({ name: 'weir', version: '', userAgent: '' })

const nullEvents: TypedEventTarget<Libp2pEvents> = Object.freeze({
  addEventListener () {},
  removeEventListener () {},
  listenerCount: () => 0,
  dispatchEvent: () => true,
  safeDispatchEvent: () => true
})

const nullRegistrar: Registrar = Object.freeze({
  getProtocols: () => [],
  async handle () {},
  async unhandle () {},
  getHandler (protocol) { throw new UnhandledProtocolError(protocol) },
  use () {},
  unuse () {},
  getMiddleware: () => [],
  register: async () => 'nothing',
  unregister () {},
  getTopologies: () => []
} satisfies Registrar)

const nullConnectionManager: ConnectionManager = Object.freeze({
  getConnections: () => [],
  getConnectionsMap () { throw new NotOfferedError('connectionManager.getConnectionsMap', 'use getConnections') },
  getMaxConnections: () => 0,
  setMaxConnections () {},
  async openConnection () { throw new NoRemoteAddrsError(PEER_ID) },
  async openStream () { throw new NoConnError(PEER_ID) },
  async closeConnections () {},
  acceptIncomingConnection: () => false,
  afterUpgradeInbound () {},
  getDialQueue: () => [],
  isDialable: async () => false
} satisfies ConnectionManager)

const nullAddressManager: AddressManager = Object.freeze({
  getListenAddrs: () => [],
  getAnnounceAddrs: () => [],
  getObservedAddrs: () => [],
  confirmObservedAddr () {},
  removeObservedAddr () {},
  addObservedAddr () {},
  getAddresses: () => [],
  getAddressesWithMetadata: () => [],
  addDNSMapping () {},
  removeDNSMapping () {},
  addPublicAddressMapping () {},
  removePublicAddressMapping () {}
} satisfies AddressManager)

const datastore = new BlackHoleDatastore()

/** Components of a host that reaches nobody and remembers nothing. Services that are made of them run, alone. */
export const nullHostComponents: HostComponents = Object.freeze({
  peerId: PEER_ID,
  privateKey: PRIVATE_KEY,
  nodeInfo: nullNodeInfo,
  logger: nullLogger,
  events: nullEvents,
  registrar: nullRegistrar,
  connectionManager: nullConnectionManager,
  addressManager: nullAddressManager,
  peerStore: persistentPeerStore({ peerId: PEER_ID, datastore, events: nullEvents, logger: nullLogger }),
  datastore,
  upgrader: Object.freeze({ getStreamMuxers: () => new Map() })
})
