import assert from 'node:assert/strict'
import { checkPlanParts } from '../src/check-plan-parts.ts'
import type { PlanPart } from '../src/plan-part.ts'
import { BOOK, trimmer, WIRE } from './sample-parts.ts'

const need = { per: 'connection', scope: 'conn', resource: 'fd', atLeast: 1, why: 'a socket' }

describe('checkPlanParts', () => {
  it('takes demands', () => {
    checkPlanParts([WIRE, BOOK, trimmer({ lowWater: 1, highWater: 2 }), { name: 'nothing', needs: undefined, unreserved: { fixedFds: undefined } }])
  })

  const wrong: Array<[string, unknown, RegExp]> = [
    ['no name', {}, /TypeError: a part of a plan needs a name/],
    ['an unknown key', { name: 'x', need: [] }, /TypeError: unknown key need of the plan's part x/],
    ['an unknown cost', { name: 'x', unreserved: { perConn: 1 } }, /TypeError: unknown key perConn .* x\.unreserved/],
    ['an unknown watermark', { name: 'x', watermarks: { low: 1 } }, /TypeError: unknown key low/],
    ['an unknown key of a need', { name: 'x', needs: [{ ...need, min: 1 }] }, /TypeError: unknown key min .* x\.needs\[0\]/],
    ['a need per packet', { name: 'x', needs: [{ ...need, per: 'packet' }] }, /TypeError: x\.needs\[0\]\.per/],
    ['a need of an unknown scope', { name: 'x', needs: [need, { ...need, scope: 'peer' }] }, /TypeError: x\.needs\[1\]\.scope/],
    ['a need of an unknown resource', { name: 'x', needs: [{ ...need, resource: 'memory' }] }, /TypeError: x\.needs\[0\]\.resource/],
    ['a need of NaN', { name: 'x', needs: [{ ...need, atLeast: Number.NaN }] }, /RangeError: x\.needs\[0\]\.atLeast/],
    ['negative costs', { name: 'x', unreserved: { fixedBytes: -1 } }, /RangeError: x\.unreserved\.fixedBytes/],
    ['half a watermark', { name: 'x', watermarks: { lowWater: 1, highWater: 1.5 } }, /RangeError: x\.watermarks\.highWater/],
    ['endless costs', { name: 'x', unreserved: { perStreamBytes: Infinity } }, /RangeError/]
  ]
  for (const [what, part, message] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(() => checkPlanParts([part as PlanPart]), message)
    })
  }

  it('refuses a name that comes twice, whose costs would be added up twice', () => {
    assert.throws(() => checkPlanParts([BOOK, BOOK]), /TypeError: the part book is in the plan twice/)
  })
})
