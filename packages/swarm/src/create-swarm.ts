import type { Swarm } from './swarm.ts'
import { type SwarmInit, swarmSettings } from './swarm-init.ts'
import { SwarmNetwork } from './swarm-network.ts'

/**
 * Makes a swarm. The caller owns it and ends it with `close` or `await using`; what it was given stays open.
 *
 * @throws {TypeError | RangeError} for an init that makes no sense
 * @see seed 004, "Network"; reference/go-libp2p.md 5
 */
export function createSwarm (init: SwarmInit): Swarm {
  return new SwarmNetwork(swarmSettings(init))
}
