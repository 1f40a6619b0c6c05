export { type AddrFailure } from './addr-failure.ts'
export { BlackHoleDetector, type BlackHoleDetectorInit, type BlackHoleFilter } from './black-hole-detector.ts'
export { BlackHoleSuccessCounter, type BlackHoleState } from './black-hole-success-counter.ts'
export { type ConnectednessListener, type PeerConnectednessChanged } from './connectedness-emitter.ts'
export { createSwarm } from './create-swarm.ts'
export { defaultDialRanker, noDelayDialRanker } from './default-dial-ranker.ts'
export { SWARM_DEFAULTS } from './defaults.ts'
export {
  AddrFilteredError,
  AddrNotTriedError,
  AddrResolveError,
  DialBackoffError,
  DialError,
  DialQueueFullError,
  DialRefusedBlackHoleError,
  NoGoodAddrsError
} from './dial-errors.ts'
export { type DialAddrSnapshot, type DialSnapshot } from './dial-snapshot.ts'
export { createDNSResolver, type DNSResolverInit } from './dns-resolver.ts'
export {
  ConnGatedError,
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
