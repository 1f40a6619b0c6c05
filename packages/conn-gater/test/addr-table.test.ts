import assert from 'node:assert/strict'
import { seededRandom } from '@weir/compliance'
import { ipAddressText, type IpAddress, parseIpAddress } from '@weir/network'
import fc from 'fast-check'
import { AddrTable } from '../src/addr-table.ts'
import type { Entry } from '../src/entry.ts'
import { ReasonTable } from '../src/reason-table.ts'

const address = fc.oneof(fc.nat(300).map(n => `10.0.${n >> 8}.${n & 255}`), fc.nat(300).map(n => `2001:db8::${n.toString(16)}`), fc.constantFrom('::', '0.0.0.0', '255.255.255.255', '::ffff:0:0:1'))
  .map(text => parseIpAddress(text) as IpAddress)
const entry: fc.Arbitrary<Entry> = fc.record({ kind: fc.constantFrom('manual', 'automatic'), reason: fc.constantFrom('', 'a', 'b'), untilMs: fc.constantFrom(Infinity, 1, 2 ** 52) }, { noNullPrototype: true })

describe('AddrTable', () => {
  it('is the map that a naive model is, whatever the hash begins with', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.array(fc.tuple(address, fc.option(entry)), { maxLength: 400 }), (seed, steps) => {
      const reasons = new ReasonTable()
      const table = new AddrTable(reasons, () => seed)
      const model = new Map<string, Entry>()
      for (const [key, value] of steps) {
        const text = ipAddressText(key)
        if (value === null) {
          assert.equal(table.delete(key), model.delete(text))
        } else {
          table.set(key, value)
          model.set(text, value)
        }
        assert.deepEqual(table.get(key), model.get(text))
        assert.equal(table.size, model.size)
      }
      assert.deepEqual(new Map([...table.entries()].map(([key, value]) => [ipAddressText(key), value])), model)
      assert.equal(reasons.size, new Set([...model.values()].map(({ reason }) => reason)).size)
      for (const [key] of table.entries()) assert.deepEqual(table.get(key), model.get(ipAddressText(key)))
    }), { numRuns: 300 })
  })

  it('finds all of many after many have gone', () => {
    const table = new AddrTable(new ReasonTable(), seededRandom(7))
    const at = (i: number): IpAddress => ({ version: i % 2 === 0 ? 4 : 6, a: Math.imul(i, 2654435761) | 0, b: i % 2 === 0 ? 0 : i, c: 0, d: 0 })
    for (let i = 0; i < 50_000; i++) table.set(at(i), { kind: 'manual', reason: `${i % 10}`, untilMs: Infinity })
    for (let i = 0; i < 50_000; i += 3) assert(table.delete(at(i)))
    for (let i = 0; i < 50_000; i++) assert.equal(table.get(at(i))?.reason, i % 3 === 0 ? undefined : `${i % 10}`)
    assert.equal(table.size, 33_333)
  })

  it('can be walked through while everything is taken out', () => {
    const table = new AddrTable(new ReasonTable(), seededRandom(1))
    for (let i = 0; i < 1_000; i++) table.set({ version: 4, a: i, b: 0, c: 0, d: 0 }, { kind: 'manual', reason: '', untilMs: 1 })
    for (let passes = 0; table.size > 0; passes++) {
      assert(passes < 20)
      for (const [key] of table.entries()) table.delete(key)
    }
  })
})
