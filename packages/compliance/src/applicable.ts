import type { Case } from './case.ts'

/** Says of every capability of a suite whether an implementation has it. */
export type Capabilities<Capability extends string> = { readonly [K in Capability]: boolean }

/**
 * The cases that an implementation has to pass.
 *
 * ```ts
 * for (const c of applicable(resourceManagerCases, { enforces: true })) it(c.name, () => c.run(subject()))
 * ```
 *
 * @param capabilities - all that the cases ask for, each `true` or `false`: what is left out by silence is found by nobody
 * @throws {TypeError} when a capability is missing from the manifest or is not one that the cases ask for
 */
export function applicable<Subject, Capability extends string = never> (
  cases: readonly Case<Subject, Capability>[],
  capabilities: Capabilities<NoInfer<Capability>>
): Case<Subject, Capability>[] {
  const asked = new Set<string>(cases.flatMap(({ needs = [] }) => needs))
  for (const name of asked) {
    if (typeof (capabilities as Readonly<Record<string, unknown>>)[name] !== 'boolean') throw new TypeError(`say of the capability '${name}' whether it is there: true or false`)
  }
  for (const name of Object.keys(capabilities)) {
    if (!asked.has(name)) throw new TypeError(`no case asks for the capability '${name}'`)
  }
  return cases.filter(({ needs = [] }) => needs.every(name => capabilities[name]))
}
