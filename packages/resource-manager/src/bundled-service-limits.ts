import type { BaseLimit } from './base-limit.ts'
import { mib } from './mib.ts'
import type { LimitIncrease, ScalingLimit } from './scaling-limits.ts'

/** A service, its protocols, and what it and one peer of it may use. */
interface BundledService {
  readonly service: string
  readonly protocols: readonly string[]
  readonly limit: ScalingLimit
  readonly protocolLimit: ScalingLimit
  readonly peerLimit: ScalingLimit
  readonly protocolPeerLimit: ScalingLimit
}

const fixed = (base: BaseLimit): ScalingLimit => Object.freeze({ base })
const growing = (base: BaseLimit, perGiB: LimitIncrease): ScalingLimit => Object.freeze({ base, perGiB })
/** Doubles with the first GiB. */
const doubling = (base: BaseLimit & LimitIncrease): ScalingLimit => growing(base, base)

// Thirty-two streams with a first Yamux window and a message each. Go multiplies by MiB here, and so limits nothing.
const streamBuffers = fixed({ memoryBytes: 32 * (262_144 + 16_384) }).base

const identify = doubling({ streams: 128, streamsInbound: 64, streamsOutbound: 64, memoryBytes: mib(4) })
const ping = doubling({ streams: 64, streamsInbound: 64, streamsOutbound: 64, memoryBytes: mib(4) })
const pingPeer = fixed({ streams: 4, streamsInbound: 2, streamsOutbound: 3, ...streamBuffers })
const autonat = growing({ streams: 64, streamsInbound: 64, streamsOutbound: 64, memoryBytes: mib(4) }, { streams: 4, streamsInbound: 4, streamsOutbound: 4, memoryBytes: mib(2) })
const holepunch = growing({ streams: 64, streamsInbound: 32, streamsOutbound: 32, memoryBytes: mib(4) }, { streams: 16, streamsInbound: 8, streamsOutbound: 8, memoryBytes: mib(4) })
const rarePeer = fixed({ streams: 2, streamsInbound: 2, streamsOutbound: 2, memoryBytes: mib(1) })

const BUNDLED: readonly BundledService[] = Object.freeze([
  {
    service: 'libp2p.identify',
    protocols: ['/ipfs/id/1.0.0', '/ipfs/id/push/1.0.0'],
    limit: identify,
    protocolLimit: identify,
    peerLimit: fixed({ streams: 32, streamsInbound: 16, streamsOutbound: 16, memoryBytes: mib(1) }),
    protocolPeerLimit: fixed({ streams: 32, streamsInbound: 16, streamsOutbound: 16, ...streamBuffers })
  },
  { service: 'libp2p.ping', protocols: ['/ipfs/ping/1.0.0'], limit: ping, protocolLimit: ping, peerLimit: pingPeer, protocolPeerLimit: pingPeer },
  { service: 'libp2p.autonat', protocols: ['/libp2p/autonat/1.0.0'], limit: autonat, protocolLimit: autonat, peerLimit: rarePeer, protocolPeerLimit: rarePeer },
  { service: 'libp2p.holepunch', protocols: ['/libp2p/dcutr'], limit: holepunch, protocolLimit: holepunch, peerLimit: rarePeer, protocolPeerLimit: rarePeer },
  {
    service: 'libp2p.relay/v2',
    protocols: ['/libp2p/circuit/relay/0.2.0/hop', '/libp2p/circuit/relay/0.2.0/stop'],
    limit: doubling({ streams: 256, streamsInbound: 256, streamsOutbound: 256, memoryBytes: mib(16) }),
    protocolLimit: doubling({ streams: 640, streamsInbound: 640, streamsOutbound: 640, memoryBytes: mib(16) }),
    peerLimit: fixed({ streams: 64, streamsInbound: 64, streamsOutbound: 64, memoryBytes: mib(1) }),
    protocolPeerLimit: fixed({ streams: 128, streamsInbound: 128, streamsOutbound: 128, memoryBytes: mib(32) })
  }
])

const byProtocol = (limit: (service: BundledService) => ScalingLimit): ReadonlyMap<string, ScalingLimit> =>
  new Map(BUNDLED.flatMap(service => service.protocols.map(protocol => [protocol, limit(service)] as const)))

/**
 * Limits of the services that a libp2p node usually has, by the names that go-libp2p gives them. What is not listed, such as
 * the DHT and gossipsub, has the defaults of services and protocols, as in Go.
 *
 * @see reference/go-libp2p.md 2.7, "Bundled service limits"
 */
export const bundledServiceLimits: ReadonlyMap<string, ScalingLimit> = new Map(BUNDLED.map(({ service, limit }) => [service, limit]))
/** The same for one peer of each service. */
export const bundledServicePeerLimits: ReadonlyMap<string, ScalingLimit> = new Map(BUNDLED.map(({ service, peerLimit }) => [service, peerLimit]))
/** The same for each protocol of a service. */
export const bundledProtocolLimits: ReadonlyMap<string, ScalingLimit> = byProtocol(service => service.protocolLimit)
/** The same for one peer of each protocol. */
export const bundledProtocolPeerLimits: ReadonlyMap<string, ScalingLimit> = byProtocol(service => service.protocolPeerLimit)
