import type { HistogramSnapshot } from '@weir/network'
import type { BlackHoleState } from './black-hole-success-counter.ts'
import type { IpVersionLabel } from './metric-labels.ts'

/** What tells connections apart in metrics, under Go's names and in its words. */
export interface ConnLabels {
  readonly dir: 'inbound' | 'outbound'
  /** `tcp`, `websocket` and so on, whoever's transport it is; `unknown` for one that Go does not have. */
  readonly transport: string
  /** As `/noise`; empty where the transport is secure by itself. */
  readonly security: string
  readonly muxer: string
  readonly early_muxer: 'true' | 'false'
  readonly ip_version: IpVersionLabel
}

export interface ConnSeriesSnapshot {
  readonly labels: ConnLabels
  readonly opened: number
  readonly closed: number
  /** Of those that were closed, from the moment in which they could be used. */
  readonly durationSeconds: HistogramSnapshot
  /** Outbound: from the dial of the address to the connection; empty inbound. */
  readonly handshakeSeconds: HistogramSnapshot
}

export interface DialSeriesSnapshot {
  readonly outcome: 'success' | 'failed'
  /** How many addresses were dialled: `0` to `5`, or `>=6`. */
  readonly numDials: string
  /** From the first caller to the end of the dial; its counts add up to the number of such dials. */
  readonly latencySeconds: HistogramSnapshot
}

export interface BlackHoleSnapshot {
  /** What is watched, as Go names it. */
  readonly name: 'UDP' | 'IPv6'
  readonly state: BlackHoleState
  readonly successRatio: number
  /** Blocked: after how many requests one is let through. 0 otherwise. */
  readonly nextProbeAfter: number
}

/**
 * What a swarm has counted since it was made: a plain, structured-cloneable snapshot. Its size depends on how many kinds of transports and
 * so on there are, not on the number of peers.
 *
 * @see reference/go-libp2p.md 5.10
 */
export interface SwarmMetrics {
  readonly conns: readonly ConnSeriesSnapshot[]
  readonly keyTypes: ReadonlyArray<{ readonly dir: 'inbound' | 'outbound', readonly keyType: string, readonly count: number }>
  readonly dialErrors: ReadonlyArray<{ readonly transport: string, readonly error: string, readonly ipVersion: IpVersionLabel, readonly count: number }>
  readonly dials: readonly DialSeriesSnapshot[]
  /** How long the address that answered first had waited for its turn. */
  readonly dialRankingDelaySeconds: HistogramSnapshot
  readonly blackHoles: readonly BlackHoleSnapshot[]
}
