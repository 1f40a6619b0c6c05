import type { Case } from './case.ts'
import type { Method } from './method.ts'

/** The trait "closed twice": each way to end a subject is harmless when it is repeated, afterwards and at the same time. */
export function closedTwice<Subject> (closers: readonly Method<Subject>[]): Case<Subject>[] {
  return closers.flatMap(({ name, call }) => [
    {
      name: `${name} again is harmless`,
      async run (subject: Subject) {
        await call(subject)
        await call(subject)
      }
    },
    {
      name: `${name} twice at once is harmless`,
      async run (subject: Subject) {
        await Promise.all([call(subject), call(subject)])
      }
    }
  ])
}
