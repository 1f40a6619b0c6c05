import assert from 'node:assert/strict'
import fc from 'fast-check'
import { duplicateKey } from '../src/duplicate-key.ts'

describe('duplicateKey', () => {
  const cases: Array<[string, string | undefined]> = [
    ['{}', undefined],
    ['{"a":1,"b":2}', undefined],
    ['{"a":1,"a":2}', 'a'],
    ['{"a" : 1, "a"\n:2}', 'a'],
    ['{"a":{"b":1},"c":{"b":1}}', undefined],
    ['{"a":{"b":1,"b":1}}', 'a.b'],
    ['{"a":"a","b":"a"}', undefined],
    ['{"a":["a","a",{"a":1}]}', undefined],
    ['{"a":[{"b":1},{"b":1}]}', undefined],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"\\"":1,"\\\\":2,"{\\"a\\":":3,"}":4}', undefined],
    ['{"a":{},"b":{},"a":{}}', 'a'],
    ['{"a":":","b":":"}', undefined]
  ]
  for (const [json, key] of cases) {
    it(`finds ${key ?? 'nothing'} in ${json.replaceAll('\n', ' ')}`, () => {
      assert.equal(duplicateKey(json), key)
    })
  }

  it('finds nothing in what was written from an object', () => {
    fc.assert(fc.property(fc.json(), json => {
      assert.equal(duplicateKey(json), undefined)
    }))
  })
})
