import type { Connection, StreamMuxerFactory, Upgrader } from '@libp2p/interface'
import type { Multiplexer } from '@weir/network'

/** The part of js-libp2p's upgrader that a transport calls for one dial or one listener. */
export interface UpgradeCalls {
  upgradeOutbound: Upgrader['upgradeOutbound']
  upgradeInbound: Upgrader['upgradeInbound']
}

/**
 * An upgrader as a js-libp2p transport wants it. Each call refuses unless it is given: a dial only upgrades outbound, a
 * listener only inbound, and an encrypter neither.
 */
export function swarmUpgrader (calls: Partial<UpgradeCalls>, muxers: readonly Multiplexer[]): Upgrader {
  return {
    getStreamMuxers: () => muxerNames(muxers),
    getConnectionEncrypters: () => new Map(),
    createInboundAbortSignal: signal => Object.assign(AbortSignal.any([signal]), { clear () {} }),
    async upgradeOutbound (): Promise<Connection> {
      throw new TypeError('this upgrader does not upgrade outbound')
    },
    async upgradeInbound (): Promise<void> {
      throw new TypeError('this upgrader does not upgrade inbound')
    },
    ...calls
  }
}

/**
 * The muxers by name, as an encrypter asks for them to offer them within its handshake. The names are all it may use:
 * the swarm picks among them itself, in the initiator's order on both sides.
 *
 * @see reference/js-libp2p.md 4.2, "Early muxer bug"
 */
function muxerNames (muxers: readonly Multiplexer[]): Map<string, StreamMuxerFactory> {
  return new Map(muxers.map(({ protocol }) => [protocol, {
    protocol,
    createStreamMuxer () {
      throw new TypeError(`${protocol} is made by the swarm, not by an encrypter`)
    }
  }]))
}
