import { yamux as jsYamux } from '@libp2p/yamux'
import { fromStreamMuxerFactory } from '@weir/adapters'
import { applicable, multiplexerCases } from '@weir/compliance'
import { yamux } from '../src/index.ts'

describe('compliance', () => {
  for (const c of applicable(multiplexerCases, { reserves: true, codes: true })) it(c.name, () => c.run({ create: () => yamux() }))
})

// The other multiplexer that a node may have: the adapters cannot run the suite themselves, which is of their own layer.
describe('compliance of @libp2p/yamux as a multiplexer', () => {
  for (const c of applicable(multiplexerCases, { reserves: true, codes: false })) it(c.name, () => c.run({ create: () => fromStreamMuxerFactory(jsYamux()()) }))
})
