import { generateKeyPair } from '@libp2p/crypto/keys'
import { type Identify, type IdentifyPush, identify } from '@libp2p/identify'
import type { ComponentLogger, PrivateKey } from '@libp2p/interface'
import { defaultLogger } from '@libp2p/logger'
import { noise } from '@libp2p/noise'
import { dns } from '@multiformats/dns'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type BasicGater, createBasicGater } from '@weir/conn-gater'
import { createHost, type Host, registerEcho, registerPerf, registerPing } from '@weir/host'
import { createIoScheduler, type IoScheduler, nullIoScheduler } from '@weir/io-scheduler'
import { type Clock, type ConnectionGater, nullConnectionGater, nullProtector, systemClock } from '@weir/network'
import { createPeerstore } from '@weir/peerstore'
import { createMetrics, type MetricsAddress, type MetricsServer, parseMetricsAddress, serveMetrics } from '@weir/prometheus'
import { createDNSResolver, createSwarm, type Swarm } from '@weir/swarm'
import { tcp } from '@weir/tcp'
import { yamux } from '@weir/yamux'
import { controlHandlers } from './control-handlers.ts'
import { controlPath } from './control-path.ts'
import { openControlSocket } from './control-socket.ts'
import { type DataDir, openDataDir } from './data-dir.ts'
import { NODE_DEFAULTS } from './defaults.ts'
import type { Node } from './node.ts'
import { listenAddresses, type NodeInit } from './node-init.ts'
import { type ManagersForNode, managersFor } from './node-limits.ts'
import { protectorOf } from './psk.ts'
import { pushUpdates } from './push-updates.ts'
import { openRulesDatastore } from './rules-datastore.ts'

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
 * @throws {InvalidMetricsAddressError} {MetricsServerError} for an address of the metrics that is none, or does not work
 * @throws {PlanContradictionError} {LimitConfigError} for limits that cannot hold, or are none, and what `connManager.checkLimit` throws
 * @throws {TypeError} for an option that is not known
 */
export async function createNode<S extends object = object> (init: NodeInit<S> = {}): Promise<Node<S & NodeServices>> {
  const listen = listenAddresses(init)
  const metricsAddress = init.metrics === undefined ? undefined : parseMetricsAddress(init.metrics)
  await using undo = new AsyncDisposableStack()
  const { clock = systemClock, logger = defaultLogger() } = init
  let gater: BasicGater | undefined // made after the manager that asks it
  // What is made first is closed last: the managers, as in Go. @see reference/go-libp2p.md 6
  const managers = managersFor(init, { clock, isTrusted: peer => gater?.isTrustedPeer(peer.toString()) ?? false }, undo)
  const dataDir = init.dataDir === undefined ? undefined : undo.use(await openDataDir(init.dataDir))
  if (init.connectionGater === undefined) gater = await gaterFor(dataDir, clock, undo)
  const privateKey = init.privateKey ?? await dataDir?.identity() ?? await generateKeyPair('Ed25519')
  const ioScheduler = schedulerFor(init, clock, undo)
  const parts: Parts = { ...managers, privateKey, clock, logger, connectionGater: init.connectionGater ?? gater ?? nullConnectionGater, ioScheduler: ioScheduler ?? nullIoScheduler }
  const swarm = swarmFor(init, parts, undo)
  const host = hostFor(init, parts, swarm, undo)
  if (dataDir !== undefined) {
    const handlers = controlHandlers({ host, resourceManager: managers.ownResourceManager, connManager: managers.ownConnManager, gater, ioScheduler })
    undo.use(await openControlSocket({ path: controlPath(dataDir.path), handlers, clock }))
  }
  const metrics = metricsAddress === undefined ? undefined : undo.use(await metricsServerFor(metricsAddress, parts, swarm))
  await host.start()
  for (const addr of listen) await swarm.listen(addr) // one by one: together, an address that fails beside one that works goes unnoticed
  return running({ host, ...managers, gater, metricsUrl: metrics?.url, owned: undo.move() })
}

interface Parts extends ManagersForNode {
  readonly privateKey: PrivateKey
  readonly connectionGater: ConnectionGater
  readonly ioScheduler: IoScheduler
  readonly clock: Clock
  readonly logger: ComponentLogger
}

/** Keeps its rules in the data directory, or nowhere when there is none. */
async function gaterFor (dataDir: DataDir | undefined, clock: Clock, undo: AsyncDisposableStack): Promise<BasicGater> {
  const datastore = dataDir === undefined ? undefined : undo.use(await openRulesDatastore(dataDir.path))
  return undo.use(await createBasicGater({ datastore, clock }))
}

function swarmFor (init: Omit<NodeInit, 'services'>, { privateKey, resourceManager, connManager, connectionGater, ioScheduler, clock, logger }: Parts, undo: AsyncDisposableStack): Swarm {
  const {
    transports = [tcp()],
    encrypters = [noise()],
    muxers = [yamux({ clock, maxIncomingStreams: Infinity })], // the resource manager counts them
    peerstore = undo.use(createPeerstore({ clock })),
    resolver = createDNSResolver({ dns: dns({ cacheSize: NODE_DEFAULTS.dnsCacheSize }) }),
    psk
  } = init
  const protector = psk === undefined ? nullProtector : protectorOf(psk)
  return undo.use(createSwarm({ privateKey, resourceManager, connManager, connectionGater, clock, logger, transports, encrypters, muxers, protector, peerstore, resolver, ioScheduler }))
}

/** Without a limit there is none: counting costs something too. */
function schedulerFor ({ ioScheduler, maxDownloadBytesPerSecond, maxUploadBytesPerSecond }: Omit<NodeInit, 'services'>, clock: Clock, undo: AsyncDisposableStack): IoScheduler | undefined {
  if (ioScheduler !== undefined || (maxDownloadBytesPerSecond === undefined && maxUploadBytesPerSecond === undefined)) return ioScheduler
  return undo.use(createIoScheduler({ clock, maxDownloadBytesPerSecond, maxUploadBytesPerSecond }))
}

function hostFor<S extends object> (init: NodeInit<S>, { privateKey, clock, logger }: Parts, network: Swarm, undo: AsyncDisposableStack): Host<S & NodeServices> {
  const { userAgent = NODE_DEFAULTS.userAgent } = init
  const services = { identify: identify(), identifyPush: pushUpdates(clock), ...init.services }
  const host = undo.use(createHost<NodeServices>({ network, privateKey, clock, logger, userAgent, services }))
  registerPing(host)
  registerEcho(host)
  registerPerf(host)
  return host as Host<S & NodeServices> // the factories of S are in `services`, which its type cannot say
}

async function metricsServerFor (address: MetricsAddress, { ownResourceManager, ownConnManager, logger }: Parts, swarm: Swarm): Promise<MetricsServer> {
  const log = logger.forComponent('weir:metrics')
  const registry = createMetrics({ resourceManager: ownResourceManager, connManager: ownConnManager, swarm })
  return await serveMetrics({ ...address, registry, onError (error) { log.error('a scrape failed - %e', error) } })
}

type Running<S extends object> = Pick<Node<S>, 'host' | 'plan' | 'metricsUrl' | 'resourceManager' | 'connManager' | 'gater'>

function running<S extends object> ({ host, plan, metricsUrl, resourceManager, connManager, gater, owned }: Running<S> & { owned: AsyncDisposableStack }): Node<S> {
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= owned.disposeAsync()
    return closing
  }
  return { host, network: host.network, peer: host.peer, plan, metricsUrl, resourceManager, connManager, gater, addrs: (): Multiaddr[] => host.addrs(), close, [Symbol.asyncDispose]: close }
}
