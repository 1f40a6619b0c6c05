import assert from 'node:assert/strict'
import type { ConnectionProtector } from '@libp2p/interface'
import { nullProtector } from '../src/index.ts'

type Raw = Parameters<ConnectionProtector['protect']>[0]

describe('nullProtector', () => {
  it('hands the connection on as it is', async () => {
    const raw = {} as Raw
    assert.equal(await nullProtector.protect(raw), raw)
  })

  it('is frozen', () => {
    assert.ok(Object.isFrozen(nullProtector))
  })
})
