import { Histogram } from '@weir/network'
import type { Multiaddr } from '@multiformats/multiaddr'
import { DIAL_SECONDS } from './defaults.ts'
import { dialFailureLabel } from './dial-failure-label.ts'
import { dialTransportLabel, type IpVersionLabel, ipVersionLabel } from './metric-labels.ts'
import type { DialSeriesSnapshot, SwarmMetrics } from './swarm-metrics.ts'

interface DialErrorCount {
  readonly transport: string
  readonly error: string
  readonly ipVersion: IpVersionLabel
  count: number
}

const NUM_DIALS = ['0', '1', '2', '3', '4', '5', '>=6'] as const

/** Counts dials, of peers and of single addresses. All its labels are of small closed sets. */
export class DialMetrics {
  readonly #errors: DialErrorCount[] = []
  readonly #dials = new Map<DialSeriesSnapshot['outcome'], Histogram[]>([['success', histograms()], ['failed', histograms()]])
  readonly #rankingDelaySeconds = new Histogram(DIAL_SECONDS)

  /** An address did not answer, or was given up. @param signal - of the attempt */
  failed (addr: Multiaddr, cause: unknown, signal: AbortSignal): void {
    const transport = dialTransportLabel(addr)
    const error = dialFailureLabel(cause, signal)
    const ipVersion = ipVersionLabel(addr)
    let count = this.#errors.find(each => each.transport === transport && each.error === error && each.ipVersion === ipVersion)
    if (count === undefined) {
      count = { transport, error, ipVersion, count: 0 }
      this.#errors.push(count)
    }
    count.count++
  }

  /** The first address of a peer has answered. @param delayMs - what it had waited for its turn */
  ranked (delayMs: number): void {
    this.#rankingDelaySeconds.observe(delayMs / 1_000)
  }

  /** The dial of a peer is over. */
  ended ({ outcome, numDials, elapsedMs }: { readonly outcome: DialSeriesSnapshot['outcome'], readonly numDials: number, readonly elapsedMs: number }): void {
    this.#dials.get(outcome)?.[Math.min(numDials, NUM_DIALS.length - 1)]?.observe(elapsedMs / 1_000)
  }

  snapshot (): Pick<SwarmMetrics, 'dialErrors' | 'dials' | 'dialRankingDelaySeconds'> {
    return {
      dialErrors: this.#errors.map(count => ({ ...count })),
      dials: [...this.#dials].flatMap(([outcome, histograms]) => histograms.map((histogram, i) => ({ outcome, numDials: NUM_DIALS[i] ?? '', latencySeconds: histogram.snapshot() }))),
      dialRankingDelaySeconds: this.#rankingDelaySeconds.snapshot()
    }
  }
}

function histograms (): Histogram[] {
  return NUM_DIALS.map(() => new Histogram(DIAL_SECONDS))
}
