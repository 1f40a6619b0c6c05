import type { ResourceManager } from '@weir/network'
import { assertScopesAtRest } from '../assert-scopes-at-rest.ts'
import type { Case } from '../case.ts'
import type { ResourceManagerSubject, ScopeLimits } from './resource-manager-subject.ts'

export type ManagerCase = Case<ResourceManagerSubject, 'enforces'>

type Run = (manager: ResourceManager) => void | Promise<void>

/** A case of every manager: makes one, and at the end sees that it is at rest. */
export function managerCase (name: string, limits: ScopeLimits, run: Run): ManagerCase {
  return {
    name,
    async run (subject) {
      await using manager = await subject.create(limits)
      await run(manager)
      assertScopesAtRest(manager)
    }
  }
}

/** A case of managers that count and refuse. */
export function enforcedCase (name: string, limits: ScopeLimits, run: Run): ManagerCase {
  return { ...managerCase(name, limits, run), needs: ['enforces'] }
}
