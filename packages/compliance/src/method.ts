/** A method of a subject, by its name: what the lifecycle traits are applied to. */
export interface Method<Subject> {
  readonly name: string
  /** Calls it, in some usual way. */
  readonly call: (subject: Subject) => unknown
}
