import type { Direction, LocalRefusal, ScopeId } from '@weir/network'
import type { TokenBucket } from './token-bucket.ts'

/** A refusal by a rate: "current of limit in use" are the tokens that are gone and those there ever are. */
export function rateRefusal (bucket: TokenBucket, nowMs: number, scope: ScopeId, direction: Direction | undefined, option: string): LocalRefusal {
  const { burst } = bucket.rate
  return {
    where: 'local',
    scope,
    resource: 'rate',
    direction,
    current: Math.ceil(burst - bucket.available(nowMs)),
    attempted: 1,
    limit: burst,
    hint: `slow down, or raise ${option}`
  }
}
