/**
 * One thing that an implementation must do, as data: no runner in it, so that any runner will do.
 *
 * A case needs a fresh subject of its own. It passes when `run` returns (or resolves) and fails when it throws (or rejects).
 *
 * @typeParam Subject - what the case is given: mostly factories, so that it can say what it needs
 * @typeParam Capability - the names of what an implementation may leave out, such as `enforces`
 */
export interface Case<Subject, Capability extends string = never> {
  /** A sentence, unique in its suite. */
  readonly name: string
  /** What the implementation must be capable of for the case to apply. */
  readonly needs?: readonly Capability[] | undefined
  run (subject: Subject): void | Promise<void>
}
