import type { ConnScope } from './conn-scope.ts'

/** @see seed 004, "ConnScoper" */
export interface ConnScoper {
  /** The user's view: it cannot end the scope. */
  readonly scope: ConnScope
}
