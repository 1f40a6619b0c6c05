import assert from 'node:assert/strict'
import type { Case } from './case.ts'
import type { Method } from './method.ts'

/**
 * The trait "leaves nothing behind": after each method (whose `call` also undoes what it did) the measure is what it was.
 *
 * @param measure - anything that can be compared deeply, such as `stat()`
 */
export function leavesNothingBehind<Subject> (methods: readonly Method<Subject>[], measure: (subject: Subject) => unknown): Case<Subject>[] {
  return methods.map(({ name, call }) => ({
    name: `${name} leaves nothing behind`,
    async run (subject) {
      const before = measure(subject)
      await call(subject)
      assert.deepEqual(measure(subject), before, `${name} has left something`)
    }
  }))
}
