import assert from 'node:assert/strict'
import type { Case } from './case.ts'
import type { Method } from './method.ts'

/** A method, and what it does once the subject is closed: throws an error that passes `refuses`, or works if there is none. */
export interface MethodAfterClose<Subject> extends Method<Subject> {
  readonly refuses?: ((error: unknown) => boolean) | undefined
}

/**
 * The trait "after close": each method, called on a closed subject, refuses as it should or is harmless.
 *
 * @param close - closes the subject
 */
export function afterClose<Subject> (methods: readonly MethodAfterClose<Subject>[], close: (subject: Subject) => unknown): Case<Subject>[] {
  return methods.map(({ name, call, refuses }) => ({
    name: `${name} after close ${refuses === undefined ? 'is harmless' : 'is refused'}`,
    async run (subject) {
      await close(subject)
      const calling = async (): Promise<unknown> => await call(subject)
      if (refuses === undefined) await calling()
      else await assert.rejects(calling, refuses, `${name} did not refuse as it should`)
    }
  }))
}
