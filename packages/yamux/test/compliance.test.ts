import { applicable, multiplexerCases } from '@weir/compliance'
import { yamux } from '../src/index.ts'

describe('compliance', () => {
  for (const c of applicable(multiplexerCases, { reserves: true, codes: true })) it(c.name, () => c.run({ create: () => yamux() }))
})
