import { applicable, type Capabilities } from './applicable.ts'
import type { Case } from './case.ts'

/** A case with its subject: all that a runner has to know. */
export interface RunnableCase {
  readonly name: string
  run (): Promise<void>
}

export interface SuiteInit<Subject, Capability extends string> {
  /** See `applicable`. */
  readonly capabilities: Capabilities<Capability>
  /** Makes a fresh subject, for one case. */
  readonly setup: () => Subject | Promise<Subject>
  /** Takes the subject down, whether its case passed or failed. What it throws fails the case. */
  readonly teardown?: ((subject: Subject) => void | Promise<void>) | undefined
}

/**
 * The cases that apply, each with a subject of its own, for implementations whose subjects must be set up and taken down:
 *
 * ```ts
 * for (const c of suite(networkCases, { capabilities: {}, setup, teardown })) it(c.name, () => c.run())
 * ```
 */
export function suite<Subject, Capability extends string = never> (
  cases: readonly Case<Subject, Capability>[],
  { capabilities, setup, teardown }: SuiteInit<Subject, NoInfer<Capability>>
): RunnableCase[] {
  return applicable(cases, capabilities).map(each => ({
    name: each.name,
    async run () {
      await using undo = new AsyncDisposableStack()
      const subject = await setup()
      if (teardown !== undefined) undo.defer(async () => { await teardown(subject) })
      await each.run(subject)
    }
  }))
}
