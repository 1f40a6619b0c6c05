import { arithmeticCases } from './arithmetic-cases.ts'
import { attachingCases } from './attaching-cases.ts'
import { countingCases } from './counting-cases.ts'
import { endedScopeCases } from './ended-scope-cases.ts'
import type { ManagerCase } from './manager-case.ts'
import { randomWalkCases } from './random-walk-cases.ts'
import { refusalCases } from './refusal-cases.ts'
import { viewCases } from './view-cases.ts'

/**
 * What every `ResourceManager` must do. Each case makes a manager with the limits it names, and ends with everything at rest.
 *
 * Capability `enforces`: it counts and refuses. The Null does not.
 */
export const resourceManagerCases: readonly ManagerCase[] = [
  ...viewCases,
  ...attachingCases,
  ...endedScopeCases,
  ...countingCases,
  ...refusalCases,
  ...arithmeticCases,
  ...randomWalkCases
]
