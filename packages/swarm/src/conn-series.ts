import { Histogram } from '@weir/network'
import { CONN_DURATION_SECONDS, HANDSHAKE_SECONDS } from './defaults.ts'
import type { ConnLabels, ConnSeriesSnapshot } from './swarm-metrics.ts'

/** Connections of one kind. */
export class ConnSeries {
  readonly labels: ConnLabels
  opened = 0
  closed = 0
  readonly #durationSeconds = new Histogram(CONN_DURATION_SECONDS)
  readonly #handshakeSeconds = new Histogram(HANDSHAKE_SECONDS)

  constructor (labels: ConnLabels) {
    this.labels = labels
  }

  handshaken (elapsedMs: number): void {
    this.#handshakeSeconds.observe(elapsedMs / 1_000)
  }

  ended (durationMs: number): void {
    this.closed++
    this.#durationSeconds.observe(durationMs / 1_000)
  }

  snapshot (): ConnSeriesSnapshot {
    const { labels, opened, closed } = this
    return { labels, opened, closed, durationSeconds: this.#durationSeconds.snapshot(), handshakeSeconds: this.#handshakeSeconds.snapshot() }
  }
}
