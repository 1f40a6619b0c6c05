import type { Counter } from './counter.ts'

/** The counts of all scopes above one, the nearest first. Shared between scopes: replaced, never changed. */
export type Edges = readonly Counter[]

export const NO_EDGES: Edges = []

/**
 * Not `[a, b]`: of such a literal V8 remembers how long its arrays live, and when those of many open connections did, it puts all that
 * come after among the old objects at once. There they lie long after the scope has ended, and with them all that they name.
 */
export function edgesOf (...counters: Counter[]): Edges {
  return counters
}
