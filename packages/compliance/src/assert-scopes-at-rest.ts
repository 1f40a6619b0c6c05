import assert from 'node:assert/strict'
import { type ResourceScopeViewer, ZERO_SCOPE_STAT } from '@weir/network'

/**
 * Everything that was charged was given back: system and transient are at zero.
 *
 * @throws {AssertionError} with what is left
 */
export function assertScopesAtRest (viewer: ResourceScopeViewer): void {
  assert.deepEqual({ ...viewer.viewTransient(scope => scope.stat()) }, { ...ZERO_SCOPE_STAT }, 'something is left in the transient scope')
  assert.deepEqual({ ...viewer.viewSystem(scope => scope.stat()) }, { ...ZERO_SCOPE_STAT }, 'something is left in the system scope')
}
