import { generateKeyPair } from '@libp2p/crypto/keys'
import { type Identify, type IdentifyPush, identify } from '@libp2p/identify'
import type { ComponentLogger, PrivateKey } from '@libp2p/interface'
import { defaultLogger } from '@libp2p/logger'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import type { Multiaddr } from '@multiformats/multiaddr'
import { fromStreamMuxerFactory } from '@weir/adapters'
import { createHost, type Host, registerEcho, registerPerf, registerPing } from '@weir/host'
import { createIoScheduler, type IoScheduler, nullIoScheduler } from '@weir/io-scheduler'
import { type Clock, nullConnectionGater, nullConnManager, nullProtector, type ResourceManager, systemClock } from '@weir/network'
import { createPeerstore } from '@weir/peerstore'
import { createSwarm, type Swarm } from '@weir/swarm'
import { openDataDir } from './data-dir.ts'
import { NODE_DEFAULTS } from './defaults.ts'
import type { Node } from './node.ts'
import { listenAddresses, type NodeInit } from './node-init.ts'
import { managerFor } from './node-limits.ts'
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
 * @throws {PlanContradictionError} {LimitConfigError} for limits that cannot hold, or are none, and what `connManager.checkLimit` throws
 * @throws {TypeError} for an option that is not known
 */
export async function createNode<S extends object = object> (init: NodeInit<S> = {}): Promise<Node<S & NodeServices>> {
  const listen = listenAddresses(init)
  await using undo = new AsyncDisposableStack()
  const { clock = systemClock, logger = defaultLogger() } = init
  // What is made first is closed last: the resource manager, as in Go. @see reference/go-libp2p.md 6
  const { plan, resourceManager } = managerFor(init, clock, undo)
  const privateKey = await identityFor(init, undo)
  const shared = { privateKey, resourceManager, clock, logger }
  const swarm = swarmFor(init, shared, undo)
  const host = hostFor(init, shared, swarm, undo)
  await host.start()
  for (const addr of listen) await swarm.listen(addr) // one by one: together, an address that fails beside one that works goes unnoticed
  return running({ host, plan, resourceManager, owned: undo.move() })
}

interface Shared {
  readonly privateKey: PrivateKey
  readonly resourceManager: ResourceManager
  readonly clock: Clock
  readonly logger: ComponentLogger
}

async function identityFor ({ dataDir: path, privateKey }: Omit<NodeInit, 'services'>, undo: AsyncDisposableStack): Promise<PrivateKey> {
  const dataDir = path === undefined ? undefined : undo.use(await openDataDir(path))
  return privateKey ?? await dataDir?.identity() ?? await generateKeyPair('Ed25519')
}

function swarmFor (init: Omit<NodeInit, 'services'>, shared: Shared, undo: AsyncDisposableStack): Swarm {
  const { clock, logger } = shared
  const {
    transports = [tcp()],
    encrypters = [noise()],
    muxers = [fromStreamMuxerFactory(yamux()(), { clock, logger })],
    peerstore = undo.use(createPeerstore({ clock })),
    connectionGater = nullConnectionGater,
    connManager = nullConnManager,
    psk
  } = init
  const protector = psk === undefined ? nullProtector : protectorOf(psk)
  const ioScheduler = schedulerFor(init, clock, undo)
  return undo.use(createSwarm({ ...shared, transports, encrypters, muxers, protector, peerstore, connectionGater, connManager, ioScheduler }))
}

function schedulerFor ({ ioScheduler, maxDownloadBytesPerSecond, maxUploadBytesPerSecond }: Omit<NodeInit, 'services'>, clock: Clock, undo: AsyncDisposableStack): IoScheduler {
  if (ioScheduler !== undefined) return ioScheduler
  if (maxDownloadBytesPerSecond === undefined && maxUploadBytesPerSecond === undefined) return nullIoScheduler
  return undo.use(createIoScheduler({ clock, maxDownloadBytesPerSecond, maxUploadBytesPerSecond }))
}

function hostFor<S extends object> (init: NodeInit<S>, { privateKey, clock, logger }: Shared, network: Swarm, undo: AsyncDisposableStack): Host<S & NodeServices> {
  const { userAgent = NODE_DEFAULTS.userAgent } = init
  const services = { identify: identify(), identifyPush: pushUpdates(clock), ...init.services }
  const host = undo.use(createHost<NodeServices>({ network, privateKey, clock, logger, userAgent, services }))
  registerPing(host)
  registerEcho(host)
  registerPerf(host)
  return host as Host<S & NodeServices> // the factories of S are in `services`, which its type cannot say
}

function running<S extends object> ({ host, plan, resourceManager, owned }: Pick<Node<S>, 'host' | 'plan' | 'resourceManager'> & { owned: AsyncDisposableStack }): Node<S> {
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= owned.disposeAsync()
    return closing
  }
  return { host, network: host.network, peer: host.peer, plan, resourceManager, addrs: (): Multiaddr[] => host.addrs(), close, [Symbol.asyncDispose]: close }
}
