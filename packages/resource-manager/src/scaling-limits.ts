import type { BaseLimit } from './base-limit.ts'
import type { LimitSet } from './limit-set.ts'

/** What a limit gains with each GiB of memory above the smallest node's. What is not said does not grow. */
export interface LimitIncrease {
  readonly memoryBytes?: number | undefined
  readonly streams?: number | undefined
  readonly streamsInbound?: number | undefined
  readonly streamsOutbound?: number | undefined
  readonly conns?: number | undefined
  readonly connsInbound?: number | undefined
  readonly connsOutbound?: number | undefined
  /** The share of the file descriptors, 0..1, where that is more than the base has. */
  readonly fdRatio?: number | undefined
}

/** A limit that grows with the machine. */
export interface ScalingLimit {
  /** Of the smallest node: 128 MiB and 256 file descriptors. What is not said is 0 and blocks. */
  readonly base: BaseLimit
  readonly perGiB?: LimitIncrease | undefined
}

/** A limit that grows with the machine, for every scope. @see reference/go-libp2p.md 2.7 */
export interface ScalingLimits extends LimitSet<ScalingLimit> {}
