import type { Case } from '../src/index.ts'

/** The names of the cases that this subject fails. */
export async function failingCases<Subject, Capability extends string> (cases: readonly Case<Subject, Capability>[], subject: () => Subject): Promise<string[]> {
  const failing: string[] = []
  for (const each of cases) {
    try {
      await each.run(subject())
    } catch {
      failing.push(each.name)
    }
  }
  return failing
}
