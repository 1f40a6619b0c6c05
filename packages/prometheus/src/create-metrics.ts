import { Registry } from 'prom-client'
import { type ConnManagerSource, connManagerMetrics } from './conn-manager-metrics.ts'
import { registerPulled } from './pulled-metric.ts'
import { type ResourceManagerSource, resourceManagerMetrics } from './resource-manager-metrics.ts'
import { type SwarmSource, swarmMetrics } from './swarm-metrics.ts'

/** Whose metrics. What is left out has none. */
export interface MetricsInit {
  readonly resourceManager?: ResourceManagerSource | undefined
  readonly swarm?: SwarmSource | undefined
  readonly connManager?: ConnManagerSource | undefined
  /** Where they go. It holds the metrics of one node: those of a second would have the same names. @defaultValue a new one */
  readonly registry?: Registry | undefined
}

const KNOWN: ReadonlySet<string> = new Set<keyof MetricsInit>(['resourceManager', 'swarm', 'connManager', 'registry'])

/**
 * Puts the metrics of a node's parts into a registry of prom-client. Nothing runs in between scrapes and nothing is to be ended; a scrape takes one snapshot of
 * each part, whose cost does not depend on how many peers there are that do nothing.
 *
 * @returns the registry, whose `metrics()` is what a scrape answers
 * @throws {TypeError} for a key that is not known
 * @throws {Error} when the registry has a metric of the same name
 * @see reference/go-libp2p.md 2.11 and 5.10
 */
export function createMetrics (init: MetricsInit): Registry {
  for (const key of Object.keys(init)) if (!KNOWN.has(key)) throw new TypeError(`createMetrics does not know the option ${key}`)
  const { resourceManager, swarm, connManager, registry = new Registry() } = init
  const metrics = [
    ...resourceManager === undefined ? [] : resourceManagerMetrics(resourceManager),
    ...swarm === undefined ? [] : swarmMetrics(swarm),
    ...connManager === undefined ? [] : connManagerMetrics(connManager)
  ]
  for (const metric of metrics) registerPulled(registry, metric)
  return registry
}
