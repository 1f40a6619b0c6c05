import type { ResourceManager } from '@weir/network'
import { createResourceManager, loopLag, memoryPressure, RATE_LIMIT_DEFAULTS, scaleLimits } from '@weir/resource-manager'

const MANY = 1_000_000_000
const BUDGET = Object.freeze({ memoryBytes: 4_294_967_296, numFd: 65_536 })

/**
 * The manager that a node has by default, with everything that it asks: limits, limits per subnet, rates of connections and streams,
 * both signals. Only that no rate and no subnet is ever used up: whoever is measured comes as fast as he can.
 *
 * @param owned - ends it, and its signals
 */
export function taxedManager (owned: AsyncDisposableStack): ResourceManager {
  const fast = { perSecond: MANY, burst: MANY }
  const signals = [owned.use(memoryPressure()), owned.use(loopLag())]
  return owned.use(createResourceManager({
    limits: scaleLimits(BUDGET),
    subnetLimits: { v4: [{ prefixLength: 32, conns: MANY }] },
    rateLimits: { ...RATE_LIMIT_DEFAULTS, v4: [{ prefixLength: 32, ...fast }], peerStreams: fast },
    signals
  }))
}
