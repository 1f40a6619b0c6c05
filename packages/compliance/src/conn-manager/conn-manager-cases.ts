import type { ConnManagerCase } from './conn-house.ts'
import { mannersCases } from './manners-cases.ts'
import { tagCases } from './tag-cases.ts'
import { trimCases } from './trim-cases.ts'

/**
 * What every `ConnManager` must do. Each case makes a manager with low mark 2 and high mark 6 over connections that lead
 * nowhere, closes it, and sees that no timer is left.
 *
 * Capability `enforces`: it remembers, protects and trims. The Null does not.
 */
export const connManagerCases: readonly ConnManagerCase[] = [...mannersCases, ...tagCases, ...trimCases]
