import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { ComponentLogger, ConnectionEncrypter, ConnectionProtector, PeerId, PrivateKey, Transport } from '@libp2p/interface'
import { nullLogger } from '@weir/adapters'
import { type IoScheduler, nullIoScheduler } from '@weir/io-scheduler'
import {
  type Clock, type ConnectionGater, type ConnManager, type DialRanker, type MultiaddrDNSResolver, type Multiplexer, nullConnectionGater, nullConnManager, nullPeerstore,
  nullProtector, nullResolver, nullResourceManager, type Peerstore, type ResourceManager, systemClock
} from '@weir/network'
import { BlackHoleDetector } from './black-hole-detector.ts'
import { SWARM_DEFAULTS } from './defaults.ts'
import { defaultDialRanker } from './default-dial-ranker.ts'
import type { SwarmComponents } from './swarm-components.ts'

/** A js-libp2p transport, as `tcp()` gives it. */
export type TransportFactory = (components: SwarmComponents) => Transport

/** A js-libp2p encrypter, as `noise()` gives it. */
export type EncrypterFactory = (components: SwarmComponents) => ConnectionEncrypter

/**
 * What a swarm is made of. Everything but the key has a default, a collaborator's being its Null,
 * a number's that of {@link SWARM_DEFAULTS}.
 *
 * The swarm owns none of what it is given: whoever made a part closes it, after the swarm.
 */
export interface SwarmInit extends Partial<typeof SWARM_DEFAULTS> {
  readonly privateKey: PrivateKey
  /** In order of preference. @defaultValue none: such a swarm neither dials nor listens */
  readonly transports?: readonly TransportFactory[]
  /** In order of preference. */
  readonly encrypters?: readonly EncrypterFactory[]
  /** In order of preference. */
  readonly muxers?: readonly Multiplexer[]
  readonly protector?: ConnectionProtector
  readonly peerstore?: Peerstore
  readonly resourceManager?: ResourceManager
  readonly connectionGater?: ConnectionGater
  readonly connManager?: ConnManager
  /** Shares out the bandwidth of all connections. */
  readonly ioScheduler?: IoScheduler
  readonly dialRanker?: DialRanker
  /** @defaultValue `nullResolver`: names are left to the transports. `createDNSResolver` makes one that resolves them */
  readonly resolver?: MultiaddrDNSResolver
  /** @defaultValue one of its own, with the defaults for UDP and IPv6 */
  readonly blackHoleDetector?: BlackHoleDetector
  readonly clock?: Clock
  readonly logger?: ComponentLogger
}

/** The init with every default filled in, and who we are. */
export type SwarmSettings = Required<SwarmInit> & { readonly localPeer: PeerId }

const NULLS = Object.freeze({
  transports: [],
  encrypters: [],
  muxers: [],
  protector: nullProtector,
  peerstore: nullPeerstore,
  resourceManager: nullResourceManager,
  connectionGater: nullConnectionGater,
  connManager: nullConnManager,
  ioScheduler: nullIoScheduler,
  dialRanker: defaultDialRanker,
  resolver: nullResolver,
  clock: systemClock,
  logger: nullLogger
})

// What has no value that all swarms could share.
const OTHER_KEYS: ReadonlySet<string> = new Set<keyof SwarmInit>(['privateKey', 'blackHoleDetector'])

/**
 * Checks an init and fills it up.
 *
 * @throws {TypeError} for a key that is not known or a private key that is missing
 * @throws {RangeError} for a number that is none, or not above zero
 */
export function swarmSettings (init: SwarmInit): SwarmSettings {
  for (const key of Object.keys(init)) {
    if (!OTHER_KEYS.has(key) && !(key in NULLS) && !(key in SWARM_DEFAULTS)) throw new TypeError(`createSwarm does not know the option ${key}`)
  }
  if (init.privateKey === undefined) throw new TypeError('createSwarm needs a privateKey')
  const given = Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined)) as SwarmInit
  const settings = { ...NULLS, ...SWARM_DEFAULTS, blackHoleDetector: new BlackHoleDetector(), ...given, localPeer: peerIdFromPrivateKey(init.privateKey) }
  for (const key of Object.keys(SWARM_DEFAULTS) as (keyof typeof SWARM_DEFAULTS)[]) {
    if (typeof settings[key] !== 'number' || !(settings[key] > 0)) throw new RangeError(`${key} must be above 0, got ${settings[key]}`)
  }
  return settings
}
