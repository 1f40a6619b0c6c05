import type { Limit } from './limit.ts'
import type { SingleScope } from './limit-set.ts'
import type { Watermarks } from './watermarks.ts'

/** How much room one connection or one stream has to find, or the part does not work at all. */
export interface PlanNeed {
  readonly per: 'connection' | 'stream'
  readonly scope: SingleScope
  readonly resource: keyof Limit
  readonly atLeast: number
  /** What for, for people, such as `one Noise handshake`. */
  readonly why: string
}

/** What a part costs that it does not reserve in a scope, at most. */
export interface UnreservedCosts {
  /** As long as it runs: books, caches, queues. */
  readonly fixedBytes?: number | undefined
  readonly perConnBytes?: number | undefined
  /** While the stream has what the part needs for it. */
  readonly perStreamBytes?: number | undefined
  /** File descriptors: listeners, log files, a control socket. */
  readonly fixedFds?: number | undefined
}

/**
 * The demands of one package on the plan: plain data, so that a package can state its own without importing this one.
 *
 * @example
 * const part: PlanPart = {
 *   name: '@weir/adapters',
 *   needs: [{ per: 'stream', scope: 'peerDefault', resource: 'memoryBytes', atLeast: 262_144, why: 'the first window of a Yamux stream' }],
 *   unreserved: { perConnBytes: 65_536 }
 * }
 */
export interface PlanPart {
  /** Whose demands: the package's name. */
  readonly name: string
  readonly watermarks?: Watermarks | undefined
  readonly needs?: readonly PlanNeed[] | undefined
  readonly unreserved?: UnreservedCosts | undefined
}
