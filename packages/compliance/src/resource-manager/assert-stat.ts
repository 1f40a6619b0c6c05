import assert from 'node:assert/strict'
import { type ResourceScope, type ScopeStat, ZERO_SCOPE_STAT } from '@weir/network'

/** A scope has this in use, and nothing of what is not named. */
export function assertStat (scope: ResourceScope, expected: Partial<ScopeStat>, what: string): void {
  assert.deepEqual({ ...scope.stat() }, { ...ZERO_SCOPE_STAT, ...expected }, what)
}
