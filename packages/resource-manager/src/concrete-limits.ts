import type { Limit } from './limit.ts'
import type { LimitSet } from './limit-set.ts'

/**
 * Every limit of every scope, nothing left open: what a `fixedLimiter` answers from.
 *
 * Plain data where the limits are; each may also be an object with getters, which is then asked at every check.
 *
 * @see reference/go-libp2p.md 2.6
 */
export interface ConcreteLimits extends LimitSet<Limit> {}
