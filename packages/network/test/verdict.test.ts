import assert from 'node:assert/strict'
import { ALLOW, deny, isDenial } from '../src/index.ts'

describe('ALLOW', () => {
  it('is the same value in every copy of this package in one process', async () => {
    const copy = await import(`${new URL('../src/verdict.ts', import.meta.url).href}?copy`) as typeof import('../src/verdict.ts')
    assert.notEqual(copy.deny, deny)
    assert.equal(copy.ALLOW, ALLOW)
  })
})

describe('deny', () => {
  it('names the rule, and has a sentence and a code of its own when none is given', () => {
    assert.deepEqual(deny('banned-peer'), { rule: 'banned-peer', code: 'DENIED', message: 'denied by the rule banned-peer' })
  })

  it('takes a sentence and a code', () => {
    assert.deepEqual(deny('banned-peer', 'too many mistakes', 'BANNED'), { rule: 'banned-peer', code: 'BANNED', message: 'too many mistakes' })
  })

  it('makes a value that cannot be changed', () => {
    assert.ok(Object.isFrozen(deny('banned-peer')))
  })
})

describe('isDenial', () => {
  it('knows a denial', () => {
    assert.equal(isDenial(deny('banned-peer')), true)
  })

  it('takes nothing else for one: not ALLOW, and none of the mistakes a gater can make', () => {
    for (const verdict of [ALLOW, undefined, null, true, false, 0, '', 'banned-peer', {}, { rule: 1 }, [], () => deny('x'), Promise.resolve(deny('x')), new Error('x')]) {
      assert.equal(isDenial(verdict), false)
    }
  })
})
