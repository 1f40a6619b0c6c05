import type { Connection, Upgrader } from '@libp2p/interface'

/** The part of js-libp2p's upgrader that a transport calls for one dial or one listener. */
export interface UpgradeCalls {
  upgradeOutbound: Upgrader['upgradeOutbound']
  upgradeInbound: Upgrader['upgradeInbound']
}

/**
 * An upgrader as a js-libp2p transport wants it. Both calls refuse unless they are given: a dial only upgrades outbound, a
 * listener only inbound.
 */
export function swarmUpgrader (calls: Partial<UpgradeCalls>, names: Pick<Upgrader, 'getStreamMuxers'>): Upgrader {
  return {
    getStreamMuxers: () => names.getStreamMuxers(),
    getConnectionEncrypters: () => new Map(),
    createInboundAbortSignal: signal => Object.assign(AbortSignal.any([signal]), { clear () {} }),
    async upgradeOutbound (): Promise<Connection> {
      throw new TypeError('this upgrader is a listener\'s: it upgrades inbound only')
    },
    async upgradeInbound (): Promise<void> {
      throw new TypeError('this upgrader is a dial\'s: it upgrades outbound only')
    },
    ...calls
  }
}
