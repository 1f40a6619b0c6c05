import type { ComponentLogger, PrivateKey } from '@libp2p/interface'
import { isMultiaddr, type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { HostInit } from '@weir/host'
import type { IoScheduler } from '@weir/io-scheduler'
import type { Clock, ConnectionGater, ConnManager, MultiaddrDNSResolver, Multiplexer, Peerstore, ResourceManager } from '@weir/network'
import type { LimitBudget, MachineSize, PartialLimits, PlanPart } from '@weir/resource-manager'
import type { EncrypterFactory, TransportFactory } from '@weir/swarm'
import { NODE_DEFAULTS } from './defaults.ts'
import { InvalidListenAddressError } from './errors.ts'

/**
 * What a node is made of. Everything has a default; a part that is given stays open when the node is closed.
 */
export interface NodeInit<S extends object = object> {
  /** Holds the key and the lock. @defaultValue none: nothing is kept, and the identity ends with the node */
  readonly dataDir?: string | undefined
  /** Who the node is. @defaultValue the key of the data directory, or a new Ed25519 key */
  readonly privateKey?: PrivateKey | undefined
  /** Each has to work, or the node does not start. Empty: it only dials. @defaultValue {@link NODE_DEFAULTS} */
  readonly listen?: ReadonlyArray<string | Multiaddr> | undefined
  /** The content of a private network's key file. @defaultValue none: the public network */
  readonly psk?: Uint8Array | undefined
  /** @defaultValue one by `nodePlan` of this init */
  readonly resourceManager?: ResourceManager | undefined
  /** Over the limits that come of the budget; `parseLimits` reads a file of them. */
  readonly limits?: PartialLimits | undefined
  /** How much the network may use. @defaultValue `machineBudget()`, a share of this machine */
  readonly budget?: (LimitBudget & MachineSize) | undefined
  /** What your own parts demand of the limits, so that what cannot hold is found at the start. */
  readonly parts?: readonly PlanPart[] | undefined
  /** @defaultValue one with rules that are kept in the data directory: `node.gater` */
  readonly connectionGater?: ConnectionGater | undefined
  /** @defaultValue one with the watermarks of the plan, that spares whom the node's own gater trusts */
  readonly connManager?: ConnManager | undefined
  /** @defaultValue one that keeps the two limits below, or without them none that counts */
  readonly ioScheduler?: IoScheduler | undefined
  /** Of all connections together. @defaultValue no limit */
  readonly maxDownloadBytesPerSecond?: number | undefined
  /** Of all connections together. @defaultValue no limit */
  readonly maxUploadBytesPerSecond?: number | undefined
  readonly peerstore?: Peerstore | undefined
  /** @defaultValue one over `@multiformats/dns` that asks the name servers of this machine */
  readonly resolver?: MultiaddrDNSResolver | undefined
  /** @defaultValue `tcp()` of `@weir/tcp` */
  readonly transports?: readonly TransportFactory[] | undefined
  /** @defaultValue Noise */
  readonly encrypters?: readonly EncrypterFactory[] | undefined
  /** @defaultValue Yamux */
  readonly muxers?: readonly Multiplexer[] | undefined
  /**
   * Serves metrics over HTTP, such as `9090`, `127.0.0.1:0` or `[::1]:9090`; without a host on this machine alone. Shows the swarm and those managers that
   * the node makes itself. @defaultValue none
   */
  readonly metrics?: string | undefined
  /** Beside identify, identify-push, ping, echo and perf. */
  readonly services?: HostInit<S>['services'] | undefined
  /** @defaultValue that of `@libp2p/logger`: silent unless the environment's `DEBUG` says otherwise */
  readonly logger?: ComponentLogger | undefined
  readonly clock?: Clock | undefined
  /** What identify tells about this program. @defaultValue {@link NODE_DEFAULTS} */
  readonly userAgent?: string | undefined
}

const KNOWN: ReadonlySet<string> = new Set<keyof NodeInit>([
  'dataDir', 'privateKey', 'listen', 'psk', 'resourceManager', 'limits', 'budget', 'parts', 'connectionGater', 'connManager', 'peerstore', 'resolver', 'transports',
  'encrypters', 'muxers', 'ioScheduler', 'maxDownloadBytesPerSecond', 'maxUploadBytesPerSecond', 'services', 'metrics', 'logger', 'clock', 'userAgent'
])

/** Without a use beside a resource manager that is given: limits that somebody wrote down must not be passed over in silence. */
const PLANNING = ['limits', 'budget', 'parts'] as const

/** Likewise beside an I/O scheduler that is given. */
const SCHEDULING = ['maxDownloadBytesPerSecond', 'maxUploadBytesPerSecond'] as const

/**
 * Checks an init and gives the addresses to listen on, before anything is acquired.
 *
 * @throws {TypeError} for a key that is not known
 * @throws {InvalidListenAddressError} for an address that is none
 */
export function listenAddresses (init: Omit<NodeInit, 'services'>): Multiaddr[] {
  for (const key of Object.keys(init)) {
    if (!KNOWN.has(key)) throw new TypeError(`createNode does not know the option ${key}`)
  }
  for (const key of PLANNING) {
    if (init.resourceManager !== undefined && init[key] !== undefined) throw new TypeError(`${key} is for the resource manager that createNode makes: with one of yours, give it to that`)
  }
  for (const key of SCHEDULING) {
    if (init.ioScheduler !== undefined && init[key] !== undefined) throw new TypeError(`${key} is for the I/O scheduler that createNode makes: with one of yours, give it to that`)
  }
  return (init.listen ?? NODE_DEFAULTS.listen).map(address => {
    if (isMultiaddr(address)) return address
    try {
      return multiaddr(address)
    } catch (cause) {
      throw new InvalidListenAddressError(address, { cause })
    }
  })
}
