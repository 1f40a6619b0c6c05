import { bundledProtocolLimits, bundledProtocolPeerLimits, bundledServiceLimits, bundledServicePeerLimits } from './bundled-service-limits.ts'
import { mib } from './mib.ts'
import type { ScalingLimit, ScalingLimits } from './scaling-limits.ts'

const SYSTEM: ScalingLimit = Object.freeze({
  base: { streams: 2_048, streamsInbound: 1_024, streamsOutbound: 2_048, conns: 128, connsInbound: 64, connsOutbound: 128, fd: 256, memoryBytes: mib(128) },
  perGiB: { streams: 2_048, streamsInbound: 1_024, streamsOutbound: 2_048, conns: 128, connsInbound: 64, connsOutbound: 128, fdRatio: 1, memoryBytes: mib(1_024) }
})

const TRANSIENT: ScalingLimit = Object.freeze({
  base: { streams: 256, streamsInbound: 128, streamsOutbound: 256, conns: 64, connsInbound: 32, connsOutbound: 64, fd: 64, memoryBytes: mib(32) },
  perGiB: { streams: 256, streamsInbound: 128, streamsOutbound: 256, conns: 32, connsInbound: 16, connsOutbound: 32, fdRatio: 0.25, memoryBytes: mib(128) }
})

/**
 * The limits that are scaled where nothing else is asked for: Go's, with the limits of the services that a node usually has.
 *
 * One number is not Go's: a protocol's memory for one peer grows by 4 MiB for each GiB, as a service's does, where Go has
 * 4 bytes.
 *
 * @see reference/go-libp2p.md 2.7, and 8.2 number 2
 */
export const defaultScalingLimits: ScalingLimits = Object.freeze({
  system: SYSTEM,
  transient: TRANSIENT,
  allowlistedSystem: SYSTEM,
  allowlistedTransient: TRANSIENT,
  serviceDefault: {
    base: { streams: 4_096, streamsInbound: 1_024, streamsOutbound: 4_096, memoryBytes: mib(64) },
    perGiB: { streams: 2_048, streamsInbound: 512, streamsOutbound: 2_048, memoryBytes: mib(128) }
  },
  service: bundledServiceLimits,
  servicePeerDefault: {
    base: { streams: 256, streamsInbound: 128, streamsOutbound: 256, memoryBytes: mib(16) },
    perGiB: { streams: 8, streamsInbound: 4, streamsOutbound: 8, memoryBytes: mib(4) }
  },
  servicePeer: bundledServicePeerLimits,
  protocolDefault: {
    base: { streams: 2_048, streamsInbound: 512, streamsOutbound: 2_048, memoryBytes: mib(64) },
    perGiB: { streams: 512, streamsInbound: 256, streamsOutbound: 512, memoryBytes: mib(164) }
  },
  protocol: bundledProtocolLimits,
  protocolPeerDefault: {
    base: { streams: 256, streamsInbound: 64, streamsOutbound: 128, memoryBytes: mib(16) },
    perGiB: { streams: 16, streamsInbound: 4, streamsOutbound: 8, memoryBytes: mib(4) }
  },
  protocolPeer: bundledProtocolPeerLimits,
  peerDefault: {
    // Eight connections, because so many addresses of one peer are dialled at the same time.
    base: { streams: 512, streamsInbound: 256, streamsOutbound: 512, conns: 8, connsInbound: 8, connsOutbound: 8, fd: 4, memoryBytes: mib(64) },
    perGiB: { streams: 256, streamsInbound: 128, streamsOutbound: 256, fdRatio: 1 / 64, memoryBytes: mib(128) }
  },
  peer: new Map(),
  conn: { base: { conns: 1, connsInbound: 1, connsOutbound: 1, fd: 1, memoryBytes: mib(32) } },
  stream: { base: { streams: 1, streamsInbound: 1, streamsOutbound: 1, memoryBytes: mib(16) } }
})
