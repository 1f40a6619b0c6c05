import assert from 'node:assert/strict'
import { parseIpAddress, parseSubnet, type IpAddress, type Subnet, subnetHas, subnetText } from '@weir/network'
import fc from 'fast-check'
import type { Entry } from '../src/entry.ts'
import { ReasonTable } from '../src/reason-table.ts'
import { SubnetTree } from '../src/subnet-tree.ts'

const FOREVER: Entry = { kind: 'manual', reason: '', untilMs: Infinity }

// Few bits, so that subnets hold and meet each other.
const v4 = fc.tuple(fc.constantFrom('10', '11', '138'), fc.constantFrom('0', '1', '128', '255'), fc.constantFrom('0', '64'), fc.constantFrom('0', '1', '3')).map(parts => parts.join('.'))
const v6 = fc.tuple(fc.constantFrom('2001:db8', 'a001:db8', '0:0'), fc.constantFrom('0', '1', '8000'), fc.constantFrom('0', '1', 'ffff'), fc.constantFrom('0', '1', '3')).map(([a, b, c, d]) => `${a}:${b}:0:${c}:0:0:${d}`)
const subnet = fc.oneof(fc.tuple(v4, fc.nat(32)), fc.tuple(v6, fc.nat(128))).map(([ip, length]) => parseSubnet(`${ip}/${length}`))
const address = fc.oneof(v4, v6).map(ip => parseIpAddress(ip) as IpAddress)

/** The smallest subnet of a list that has the address, found by looking at each. */
function smallest (subnets: Iterable<[string, Entry]>, of: IpAddress, nowMs: number): string | undefined {
  let found: Subnet | undefined
  for (const [text, { untilMs }] of subnets) {
    const each = parseSubnet(text)
    if (untilMs > nowMs && subnetHas(each, of) && each.prefixLength >= (found?.prefixLength ?? 0)) found = each
  }
  return found === undefined ? undefined : subnetText(found)
}

describe('SubnetTree', () => {
  it('is the list of subnets that a naive model is', () => {
    const step = fc.record({ subnet, add: fc.boolean(), untilMs: fc.constantFrom(1, 2, Infinity), probe: address, nowMs: fc.constantFrom(0, 1, 2) })
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const tree = new SubnetTree(new ReasonTable())
      const model = new Map<string, Entry>()
      for (const { subnet: each, add, untilMs, probe, nowMs } of steps) {
        const text = subnetText(each)
        const entry: Entry = { ...FOREVER, untilMs }
        if (add) {
          tree.set(each, entry)
          model.set(text, entry)
        } else {
          assert.equal(tree.delete(each), model.delete(text))
        }
        assert.equal(tree.size, model.size)
        assert.deepEqual(tree.get(each), model.get(text))
        const match = tree.match(probe, () => nowMs)
        assert.equal(match === undefined ? undefined : subnetText(match.subnet), smallest(model, probe, nowMs))
        if (match !== undefined) assert.deepEqual(match.entry, model.get(subnetText(match.subnet)))
        assert.deepEqual([...tree.entries()].map(([key]) => subnetText(key)).sort(), [...model.keys()].sort())
      }
      for (const text of model.keys()) assert(tree.delete(parseSubnet(text)))
      assert.deepEqual([...tree.entries()], [])
    }), { numRuns: 1_000 })
  })

  it('everything is a subnet too, of one version only', () => {
    const tree = new SubnetTree(new ReasonTable())
    tree.set(parseSubnet('0.0.0.0/0'), FOREVER)
    assert(tree.match(parseIpAddress('1.2.3.4') as IpAddress, () => 0) !== undefined)
    assert.equal(tree.match(parseIpAddress('2001:db8::1') as IpAddress, () => 0), undefined)
    assert.equal(tree.get(parseSubnet('::/0')), undefined)
  })

  it('can be walked through while it changes', () => {
    const tree = new SubnetTree(new ReasonTable())
    for (let i = 0; i < 100; i++) tree.set(parseSubnet(`10.${i}.0.0/16`), FOREVER)
    for (let passes = 0; tree.size > 0; passes++) {
      assert(passes < 20)
      for (const [each] of tree.entries()) tree.delete(each)
    }
  })
})
