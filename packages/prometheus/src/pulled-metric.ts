import type { LabelValues, Metric, Registry } from 'prom-client'

/** One line of a metric. */
export interface Sample {
  readonly labels?: LabelValues<string>
  readonly value: number
  /** Where it differs from the metric's own: the parts of a histogram. */
  readonly metricName?: string
}

export interface PulledMetricInit {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** Called once for each scrape. */
  samples (): Sample[]
}

/**
 * A metric whose values are kept elsewhere: prom-client's own would keep them a second time, and its histograms can only be observed. It is
 * what a registry asks of a metric, and no more.
 */
class PulledMetric {
  /** A registry of the OpenMetrics kind changes it. */
  name: string
  readonly help: string
  readonly type: PulledMetricInit['type']
  readonly #samples: PulledMetricInit['samples']

  constructor ({ name, help, type, samples }: PulledMetricInit) {
    this.name = name
    this.help = help
    this.type = type
    this.#samples = samples
  }

  async get (): Promise<{ name: string, help: string, type: PulledMetricInit['type'], aggregator: 'sum', values: Sample[] }> {
    const { name, help, type } = this
    return { name, help, type, aggregator: 'sum', values: this.#samples() }
  }

  /** Does nothing: its values are not its own. */
  reset (): void {}
}

/** @throws {Error} when the registry has a metric of that name */
export function registerPulled (registry: Registry, init: PulledMetricInit): void {
  registry.registerMetric(new PulledMetric(init) as unknown as Metric)
}
