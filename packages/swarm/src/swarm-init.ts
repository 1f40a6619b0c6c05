import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { ComponentLogger, ConnectionEncrypter, ConnectionProtector, PeerId, PrivateKey, Transport } from '@libp2p/interface'
import { nullLogger } from '@weir/adapters'
import { type IoScheduler, nullIoScheduler } from '@weir/io-scheduler'
import {
  type Clock, type ConnectionGater, type ConnManager, type DialRanker, type Multiplexer, nullConnectionGater, nullConnManager, nullPeerstore,
  nullProtector, nullResourceManager, type Peerstore, type ResourceManager, systemClock
} from '@weir/network'
import { SWARM_DEFAULTS } from './defaults.ts'
import { defaultDialRanker } from './default-dial-ranker.ts'
import type { SwarmComponents } from './swarm-components.ts'

/** A js-libp2p transport, as `tcp()` gives it. */
export type TransportFactory = (components: SwarmComponents) => Transport

/** A js-libp2p encrypter, as `noise()` gives it. */
export type EncrypterFactory = (components: SwarmComponents) => ConnectionEncrypter

/**
 * What a swarm is made of. Everything but the key has a default, a collaborator's being its Null.
 *
 * The swarm owns none of what it is given: whoever made a part closes it, after the swarm.
 */
export interface SwarmInit {
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
  readonly clock?: Clock
  readonly logger?: ComponentLogger
  /** @defaultValue {@link SWARM_DEFAULTS} */
  readonly dialTimeoutMs?: number
  /** @defaultValue {@link SWARM_DEFAULTS} */
  readonly dialTimeoutLocalMs?: number
  /** @defaultValue {@link SWARM_DEFAULTS} */
  readonly acceptTimeoutMs?: number
  /** @defaultValue {@link SWARM_DEFAULTS} */
  readonly closeTimeoutMs?: number
  /** @defaultValue {@link SWARM_DEFAULTS} */
  readonly maxDialsPerPeer?: number
  /** @defaultValue {@link SWARM_DEFAULTS} */
  readonly maxAddrsPerDial?: number
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
  clock: systemClock,
  logger: nullLogger
})

/**
 * Checks an init and fills it up.
 *
 * @throws {TypeError} for a key that is not known or a private key that is missing
 * @throws {RangeError} for a number that is none, or not above zero
 */
export function swarmSettings (init: SwarmInit): SwarmSettings {
  for (const key of Object.keys(init)) {
    if (key !== 'privateKey' && !(key in NULLS) && !(key in SWARM_DEFAULTS)) throw new TypeError(`createSwarm does not know the option ${key}`)
  }
  if (init.privateKey === undefined) throw new TypeError('createSwarm needs a privateKey')
  const given = Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined)) as SwarmInit
  const settings = { ...NULLS, ...SWARM_DEFAULTS, ...given, localPeer: peerIdFromPrivateKey(init.privateKey) }
  for (const key of Object.keys(SWARM_DEFAULTS) as (keyof typeof SWARM_DEFAULTS)[]) {
    if (typeof settings[key] !== 'number' || !(settings[key] > 0)) throw new RangeError(`${key} must be above 0, got ${settings[key]}`)
  }
  return settings
}
