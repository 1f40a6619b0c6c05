import { applicable, connManagerCases, type ConnManagerSubject } from '@weir/compliance'
import { createConnManager } from '../src/index.ts'

const subject: ConnManagerSubject = { create: marks => createConnManager({ ...marks, gracePeriodMs: 0, silencePeriodMs: 0 }) }

describe('compliance', () => {
  for (const c of applicable(connManagerCases, { enforces: true })) it(c.name, () => c.run(subject))
})
