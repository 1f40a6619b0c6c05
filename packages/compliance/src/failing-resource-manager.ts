import { nullResourceManager, ResourceLimitExceededError, type ResourceManager } from '@weir/network'
import { interceptedResourceManager } from './intercepted-resource-manager.ts'

export type RefusableMethod = 'openConnection' | 'openStream' | 'setPeer' | 'setProtocol' | 'setService' | 'reserveMemory' | 'beginSpan'

export interface FailingResourceManagerInit {
  /** Which refusable call is refused: 1 for the first; `Infinity` for none. */
  readonly failAt: number
  /** The one method whose calls count, of whatever scope. @defaultValue all of them */
  readonly of?: RefusableMethod | undefined
  /** Who answers the others. @defaultValue `nullResourceManager` */
  readonly inner?: ResourceManager | undefined
}

export interface FailingResourceManager extends ResourceManager {
  /** How many refusable calls there were so far, the refused one included. */
  readonly calls: number
}

/**
 * A double that refuses one call: the n-th of those that a limit may refuse, which are `openConnection`, `openStream`,
 * `setPeer`, `setProtocol`, `setService`, `reserveMemory` and `beginSpan`. All before and behind it go through, so that failure can be
 * injected at every step in turn:
 *
 * ```ts
 * for (let failAt = 1, done = false; !done; failAt++) {
 *   const failing = failingResourceManager({ failAt })
 *   const manager = recordingResourceManager([], failing)
 *   await attempt(manager)
 *   manager.assertAllEnded()
 *   done = failing.calls < failAt
 * }
 * ```
 *
 * @throws {RangeError} when `failAt` is no whole number from 1 on
 */
export function failingResourceManager ({ failAt, of, inner = nullResourceManager }: FailingResourceManagerInit): FailingResourceManager {
  if (failAt !== Infinity && (!Number.isSafeInteger(failAt) || failAt < 1)) throw new RangeError(`failAt must be a whole number from 1 on, or Infinity, got ${failAt}`)
  let calls = 0
  const manager = interceptedResourceManager(inner, (call, proceed) => {
    if (call.kind === 'end' || call.kind === 'release' || (of !== undefined && call.method !== of)) return proceed()
    calls++
    if (calls === failAt) {
      throw new ResourceLimitExceededError({
        where: 'local',
        scope: { kind: 'system' },
        resource: call.kind === 'reserve' ? 'memory' : call.method === 'openConnection' || call.method === 'setPeer' ? 'connection' : 'stream',
        current: 0,
        attempted: call.kind === 'reserve' ? call.bytes : 1,
        limit: 0,
        hint: `nothing to change: the test refuses call ${failAt}, ${call.line}`
      })
    }
    return proceed()
  })
  return Object.defineProperty(manager, 'calls', { get: () => calls, enumerable: true }) as FailingResourceManager
}
