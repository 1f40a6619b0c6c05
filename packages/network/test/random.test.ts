import assert from 'node:assert/strict'
import { systemRandom } from '../src/index.ts'

describe('systemRandom', () => {
  it('gives numbers from 0 up to, but not including, 1, and not always the same', () => {
    const numbers = Array.from({ length: 100 }, systemRandom)
    assert.ok(numbers.every(number => number >= 0 && number < 1))
    assert.ok(new Set(numbers).size > 1)
  })
})
