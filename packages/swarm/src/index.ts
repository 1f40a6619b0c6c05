export { createSwarm } from './create-swarm.ts'
export { defaultDialRanker } from './default-dial-ranker.ts'
export { SWARM_DEFAULTS } from './defaults.ts'
export {
  type AddrFailure,
  ConnGatedError,
  DialError,
  DialToSelfError,
  ListenError,
  NoTransportError,
  SwarmClosedError,
  SwarmTimeoutError,
  UnexpectedPeerError,
  UpgradeError
} from './errors.ts'
export { type Swarm } from './swarm.ts'
export { type SwarmComponents } from './swarm-components.ts'
export { type EncrypterFactory, type SwarmInit, type TransportFactory } from './swarm-init.ts'
