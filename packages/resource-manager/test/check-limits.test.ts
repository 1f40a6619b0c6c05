import assert from 'node:assert/strict'
import fc from 'fast-check'
import { checkLimits } from '../src/check-limits.ts'
import { LimitConfigError } from '../src/errors.ts'
import { arbitraryLimits } from './arbitrary-limits.ts'

describe('checkLimits', () => {
  const wrong: Array<[string, unknown, string, string]> = [
    ['an unknown scope', { Sistem: {} }, 'Sistem', 'unknown-key'],
    ['a scope in another case', { system: {} }, 'system', 'unknown-key'],
    ['a prototype', JSON.parse('{"__proto__":{}}'), '__proto__', 'unknown-key'],
    ['a field at the top', { Streams: 1 }, 'Streams', 'misplaced-key'],
    ['an unknown field', { System: { Sockets: 1 } }, 'System.Sockets', 'unknown-key'],
    ['an unknown field of a name', { Protocol: { '/a/1.0.0': { Sockets: 1 } } }, 'Protocol["/a/1.0.0"].Sockets', 'unknown-key'],
    ['a scope in a scope', { System: { Transient: {} } }, 'System.Transient', 'misplaced-key'],
    ['a field where names stand', { Service: { Streams: 1 } }, 'Service.Streams', 'misplaced-key'],
    ['a wrong value', { System: { Streams: -1 } }, 'System.Streams', 'negative'],
    ['a wrong value of a name', { Peer: { QmA: { Memory: '1.5' } } }, 'Peer["QmA"].Memory', 'fraction'],
    ['a peer written as a CID', { Peer: { bafzaajaiaejcal72gwuz2or47oyxxn6b3rkwdmmkrxgtqgefh3yd5hbbi5kkbmhw: {} } }, 'Peer["bafzaajaiaejcal72gwuz2or47oyxxn6b3rkwdmmkrxgtqgefh3yd5hbbi5kkbmhw"]', 'unknown-key'],
    ['a peer without a name', { Peer: { '': {} } }, 'Peer[""]', 'unknown-key'],
    ['null', null, '', 'wrong-type'],
    ['an array', [], '', 'wrong-type'],
    ['a text', '{}', '', 'wrong-type'],
    ['a scope that is null', { System: null }, 'System', 'wrong-type'],
    ['a scope that is a number', { System: 5 }, 'System', 'wrong-type'],
    ['a Map, whose entries would be overlooked', { Service: new Map([['a', {}]]) }, 'Service', 'wrong-type'],
    ['a name that is null', { Service: { a: null } }, 'Service["a"]', 'wrong-type'],
    ['a name that is an array', { Service: { a: [] } }, 'Service["a"]', 'wrong-type']
  ]
  for (const [what, limits, path, fault] of wrong) {
    it(`refuses ${what} at ${path === '' ? 'the top' : path}`, () => {
      assert.throws(() => checkLimits(limits), error => LimitConfigError.is(error) && error.path === path && error.fault === fault)
    })
  }

  it('says what was meant', () => {
    assert.throws(() => checkLimits({ system: {} }), /system: is not known: write "System"/)
    assert.throws(() => checkLimits({ System: { memory: 1 } }), /System\.memory: is not known: write "Memory"/)
    assert.throws(() => checkLimits({ Service: { Streams: 1 } }), /use "ServiceDefault"/)
  })

  it('takes a service that is called as a field is', () => {
    assert.deepEqual(checkLimits({ Service: { Streams: { Conns: 1 } } }), { Service: { Streams: { Conns: 1 } } })
  })

  it('gives the proper form: frozen, without what is default or undefined, and leaves alone what it was given', () => {
    const given = { System: { Streams: '10', Conns: 'default', Memory: 0 }, Transient: { Streams: undefined }, Conn: undefined, Service: { a: {} }, Protocol: {} } as const
    const before = structuredClone(given)
    const limits = checkLimits(given)
    assert.deepEqual(limits, { System: { Streams: 10, Memory: 'blockAll' }, Service: { a: {} } })
    assert.deepEqual(given, before)
    assert.ok(Object.isFrozen(limits) && Object.isFrozen(limits.System) && Object.isFrozen(limits.Service) && Object.isFrozen(limits.Service?.a))
  })

  it('gives the same again for what it gave', () => {
    fc.assert(fc.property(arbitraryLimits, limits => {
      const checked = checkLimits(limits)
      assert.deepEqual(checkLimits(checked), checked)
    }))
  })

  it('takes or refuses anything with its own error and nothing else', () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true, withMap: true, withBigInt: true }), anything => {
      for (const limits of [anything, { System: anything }, { System: { Streams: anything } }, { Service: anything }, { Service: { a: anything } }]) {
        try {
          checkLimits(limits)
        } catch (error) {
          assert.ok(LimitConfigError.is(error), String(error))
        }
      }
    }))
  })
})
