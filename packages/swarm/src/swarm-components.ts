import type { ComponentLogger, PeerId, PrivateKey, Upgrader } from '@libp2p/interface'

/** What js-libp2p's transports and encrypters are given to work with. */
export interface SwarmComponents {
  readonly privateKey: PrivateKey
  readonly peerId: PeerId
  readonly logger: ComponentLogger
  /** Of this only `getStreamMuxers` is for them: what upgrades comes with each dial and each listener. */
  readonly upgrader: Upgrader
}
