import assert from 'node:assert/strict'
import { ALLOW, deny } from '@weir/network'
import { admit } from '../src/admit.ts'
import { ConnGatedError } from '../src/errors.ts'

describe('admit', () => {
  it('passes what is allowed', () => {
    admit('interceptAccept', () => ALLOW)
  })

  it('names hook and rule of a denial', () => {
    assert.throws(() => { admit('interceptAccept', () => deny('banned-peer', 'spam')) }, (error: unknown) => {
      assert(ConnGatedError.is(error))
      assert.equal(error.hook, 'interceptAccept')
      assert.equal(error.denial.rule, 'banned-peer')
      assert.match(error.message, /interceptAccept.*banned-peer.*spam/)
      return true
    })
  })

  const wrong: Record<string, () => unknown> = {
    undefined: () => undefined,
    true: () => true,
    'a promise': () => Promise.resolve(ALLOW),
    'a promise that rejects': () => Promise.reject(new Error('late')),
    null: () => null,
    'an object': () => ({})
  }
  for (const [name, answer] of Object.entries(wrong)) {
    it(`fails closed on ${name}`, () => {
      assert.throws(() => { admit('interceptAccept', answer) }, (error: unknown) => ConnGatedError.is(error) && error.cause instanceof TypeError && error.denial.rule === 'gater-mistake')
    })
  }

  it('fails closed when the gater throws', () => {
    const cause = new Error('oops')
    assert.throws(() => { admit('interceptAccept', () => { throw cause }) }, (error: unknown) => ConnGatedError.is(error) && error.cause === cause)
  })
})
