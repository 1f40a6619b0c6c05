import assert from 'node:assert/strict'
import { applicable, type Case } from '../src/index.ts'

const cases: Case<number, 'enforces' | 'bounded'>[] = [
  { name: 'always', run () {} },
  { name: 'enforced', needs: ['enforces'], run () {} },
  { name: 'both', needs: ['enforces', 'bounded'], run () {} }
]

const names = (enforces: boolean, bounded: boolean): string[] => applicable(cases, { enforces, bounded }).map(({ name }) => name)

describe('applicable', () => {
  it('leaves out what an implementation is not capable of', () => {
    assert.deepEqual(names(false, false), ['always'])
    assert.deepEqual(names(true, false), ['always', 'enforced'])
    assert.deepEqual(names(false, true), ['always'])
    assert.deepEqual(names(true, true), ['always', 'enforced', 'both'])
  })

  it('wants every capability named, so that nothing is left out by a slip', () => {
    assert.throws(() => applicable(cases, { enforces: true } as never), { name: 'TypeError', message: /bounded/ })
    assert.throws(() => applicable(cases, { enforces: true, bounded: undefined } as never), { name: 'TypeError', message: /bounded/ })
  })

  it('knows no capability that no case asks for', () => {
    assert.throws(() => applicable(cases, { enforces: true, bounded: true, enforce: true } as never), { name: 'TypeError', message: /enforce/ })
  })

  it('leaves the list as it was', () => {
    names(false, false)
    assert.equal(cases.length, 3)
  })
})
