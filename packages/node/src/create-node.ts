import { generateKeyPair } from '@libp2p/crypto/keys'
import { type Identify, type IdentifyPush, identify } from '@libp2p/identify'
import type { PrivateKey } from '@libp2p/interface'
import { defaultLogger } from '@libp2p/logger'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import type { Multiaddr } from '@multiformats/multiaddr'
import { fromStreamMuxerFactory } from '@weir/adapters'
import { createHost, type Host, registerEcho, registerPerf, registerPing } from '@weir/host'
import { nullConnectionGater, nullConnManager, nullProtector, nullResourceManager, systemClock } from '@weir/network'
import { createPeerstore } from '@weir/peerstore'
import { createSwarm, type Swarm } from '@weir/swarm'
import { openDataDir } from './data-dir.ts'
import { NODE_DEFAULTS } from './defaults.ts'
import type { Node } from './node.ts'
import { listenAddresses, type NodeInit } from './node-init.ts'
import { protectorOf } from './psk.ts'
import { pushUpdates } from './push-updates.ts'

/** The js-libp2p services that every node has. */
export interface NodeServices {
  readonly identify: Identify
  readonly identifyPush: IdentifyPush
}

/**
 * Makes a node and starts it: when this resolves it listens on all its addresses and answers identify, ping, echo and perf.
 * When it rejects, everything it had acquired is given back.
 *
 * @throws {DataDirError} {DataDirLockedError} {KeyFileUnreadableError} {KeyFileInsecureError} {KeyFileCorruptError} for the data directory
 * @throws {InvalidListenAddressError} for a listen address that is none, and `ListenError` of the swarm for one that does not work
 * @throws {InvalidPskError} for a pre-shared key that is none
 * @throws {TypeError} for an option that is not known
 */
export async function createNode<S extends object = object> (init: NodeInit<S> = {}): Promise<Node<S & NodeServices>> {
  const listen = listenAddresses(init)
  await using undo = new AsyncDisposableStack()
  // Closed in the opposite order: the resource manager last, as in Go. @see reference/go-libp2p.md 6
  if (init.resourceManager === undefined) undo.use(nullResourceManager)
  const privateKey = await identityFor(init, undo)
  const swarm = swarmFor(init, privateKey, undo)
  const host = hostFor(init, privateKey, swarm, undo)
  await host.start()
  for (const addr of listen) await swarm.listen(addr) // one by one: together, an address that fails beside one that works goes unnoticed
  return running(host, undo.move())
}

async function identityFor (init: Omit<NodeInit, 'services'>, undo: AsyncDisposableStack): Promise<PrivateKey> {
  const dataDir = init.dataDir === undefined ? undefined : undo.use(await openDataDir(init.dataDir))
  return init.privateKey ?? await dataDir?.identity() ?? await generateKeyPair('Ed25519')
}

function swarmFor (init: Omit<NodeInit, 'services'>, privateKey: PrivateKey, undo: AsyncDisposableStack): Swarm {
  const { psk, clock = systemClock, logger = defaultLogger() } = init
  return undo.use(createSwarm({
    privateKey,
    transports: init.transports ?? [tcp()],
    encrypters: init.encrypters ?? [noise()],
    muxers: init.muxers ?? [fromStreamMuxerFactory(yamux()(), { clock, logger })],
    protector: psk === undefined ? nullProtector : protectorOf(psk),
    peerstore: init.peerstore ?? undo.use(createPeerstore({ clock })),
    resourceManager: init.resourceManager ?? nullResourceManager,
    connectionGater: init.connectionGater ?? nullConnectionGater,
    connManager: init.connManager ?? nullConnManager,
    clock,
    logger
  }))
}

function hostFor<S extends object> (init: NodeInit<S>, privateKey: PrivateKey, network: Swarm, undo: AsyncDisposableStack): Host<S & NodeServices> {
  const { clock = systemClock, logger = defaultLogger(), userAgent = NODE_DEFAULTS.userAgent, services } = init
  const host = undo.use(createHost<NodeServices>({ network, privateKey, clock, logger, userAgent, services: { identify: identify(), identifyPush: pushUpdates(clock), ...services } }))
  registerPing(host)
  registerEcho(host)
  registerPerf(host)
  return host as Host<S & NodeServices>
}

function running<S extends object> (host: Host<S>, owned: AsyncDisposableStack): Node<S> {
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= owned.disposeAsync()
    return closing
  }
  return { host, network: host.network, peer: host.peer, addrs: (): Multiaddr[] => host.addrs(), close, [Symbol.asyncDispose]: close }
}
