import type { Clock } from '@weir/network'
import type { PressureThresholds } from './pressure-signal.ts'

/** How a signal measures, and when it believes what it measured. */
export interface Sampling extends PressureThresholds {
  readonly intervalMs: number
  /** Measurements in a row that must agree. */
  readonly window: number
  /** A level ends when the value falls below this share of its threshold. More than 0, at most 1. */
  readonly leaveRatio: number
}

export type SamplingInit = { readonly [K in keyof Sampling]?: Sampling[K] | undefined } & { readonly clock?: Clock | undefined }
