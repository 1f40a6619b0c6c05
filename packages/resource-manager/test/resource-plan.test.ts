import assert from 'node:assert/strict'
import fc from 'fast-check'
import { LimitConfigError, PlanContradictionError } from '../src/errors.ts'
import { fixedLimiter } from '../src/fixed-limiter.ts'
import { LIMIT_FIELDS } from '../src/limit-fields.ts'
import { KEYED_SCOPES, SINGLE_SCOPES } from '../src/limit-set.ts'
import { machineBudget } from '../src/machine-budget.ts'
import { type ResourcePlanInit, resourcePlan } from '../src/resource-plan.ts'
import { scaleLimits } from '../src/scale-limits.ts'
import { handMachine, procLimits } from './hand-machine.ts'
import { BOOK, trimmer, WIRE } from './sample-parts.ts'

const MIB = 2 ** 20

describe('resourcePlan', () => {
  // Of hosts: an eighth of it is the network's.
  const hosts: Array<[number, number, number, number, number]> = [
    [512, 64, 128, 45, 57], [1_024, 128, 128, 45, 57], [2_048, 256, 144, 51, 64], [4_096, 512, 176, 63, 79], [65_536, 8_192, 1_136, 153, 192]
  ]
  for (const [hostMiB, memoryMiB, conns, lowWater, highWater] of hosts) {
    it(`starts on a host of ${hostMiB} MiB: ${conns} connections, trimmed from ${highWater} to ${lowWater}`, () => {
      const machine = handMachine({ memoryBytes: hostMiB * MIB, files: { '/proc/self/limits': procLimits('20000') } })
      const plan = resourcePlan({ ...machineBudget(machine), parts: [WIRE, BOOK] })
      plan.check([trimmer(plan.watermarks)])
      fixedLimiter(plan.limits)
      assert.deepEqual([plan.limits.system.conns, plan.watermarks], [conns, { lowWater, highWater }])
      assert.equal(plan.limits.system.memoryBytes, memoryMiB * MIB)
      assert.ok(plan.worstCase.totalBytes + plan.worstCase.allowlistedBytes <= hostMiB * MIB)
    })
  }

  for (const [memoryMiB, conns, streams] of [[64, 128, 2_048], [512, 176, 2_816], [1_024, 240, 3_840], [2_048, 368, 5_888], [4_096, 624, 9_984]] as const) {
    it(`for a budget of ${memoryMiB} MiB: ${conns} connections, ${streams} streams`, () => {
      const { limits, worstCase } = resourcePlan({ memoryBytes: memoryMiB * MIB, numFd: 10_000 })
      assert.deepEqual([limits.system.conns, limits.system.streams, limits.system.fd], [conns, streams, 10_000])
      assert.deepEqual([worstCase.totalBytes, worstCase.reservedBytes], [memoryMiB * MIB, memoryMiB * MIB])
    })
  }

  it('is what scaleLimits gives, from the base on', () => {
    const budget = { memoryBytes: 2 ** 31, numFd: 1_024 }
    assert.deepEqual(resourcePlan(budget).limits, scaleLimits(budget))
    assert.deepEqual(resourcePlan({ ...budget, numFd: 0 }).limits, scaleLimits({ ...budget, numFd: 0 }))
  })

  it('grants no scope more than the budget, where scaleLimits grants the base', () => {
    const plan = resourcePlan({ memoryBytes: 64 * MIB, numFd: 100 })
    assert.deepEqual(plan.limits.system, { ...scaleLimits({ memoryBytes: 0, numFd: 0 }).system, memoryBytes: 64 * MIB, fd: 100, conns: 100, connsOutbound: 100 })
    for (const scope of SINGLE_SCOPES) assert.ok(plan.limits[scope].memoryBytes <= 64 * MIB && plan.limits[scope].fd <= 100)
    for (const scope of KEYED_SCOPES) for (const limit of plan.limits[scope].values()) assert.ok(limit.memoryBytes <= 64 * MIB)
  })

  it('never gives less for more, never contradicts itself, and its watermarks fit', () => {
    const budget = fc.record({ memoryBytes: fc.integer({ min: 64 * MIB, max: 2 ** 40 }), numFd: fc.integer({ min: 1, max: 2_000_000 }) })
    fc.assert(fc.property(budget, budget, (one, other) => {
      const less = resourcePlan({ memoryBytes: Math.min(one.memoryBytes, other.memoryBytes), numFd: Math.min(one.numFd, other.numFd), parts: [WIRE, BOOK] })
      const more = resourcePlan({ memoryBytes: Math.max(one.memoryBytes, other.memoryBytes), numFd: Math.max(one.numFd, other.numFd) })
      less.check([trimmer(less.watermarks)])
      assert.ok(less.watermarks.highWater <= more.watermarks.highWater && less.watermarks.lowWater <= more.watermarks.lowWater)
      for (const scope of SINGLE_SCOPES) {
        for (const { name } of LIMIT_FIELDS) assert.ok(less.limits[scope][name] >= 0 && less.limits[scope][name] <= more.limits[scope][name], `${scope}.${name}`)
      }
    }))
  })

  it('takes written limits over its own, even above the budget', () => {
    const { limits, watermarks, worstCase } = resourcePlan({ memoryBytes: 128 * MIB, numFd: 256, limits: { System: { Conns: 20, Memory: 256 * MIB }, Service: { x: { Streams: 1 } } } })
    assert.deepEqual([limits.system.conns, limits.system.memoryBytes, limits.service.get('x')?.streams], [20, 256 * MIB, 1])
    assert.deepEqual(watermarks, { lowWater: 14, highWater: 18 })
    assert.equal(worstCase.totalBytes, 256 * MIB)
  })

  it('refuses to be made when it contradicts itself, and tells of everything at once', () => {
    const init: ResourcePlanInit = {
      memoryBytes: 128 * MIB, numFd: 256, machineMemoryBytes: 100 * MIB, limits: { Transient: { ConnsInbound: 0 }, Conn: { Memory: 10 } }, parts: [WIRE, trimmer({ lowWater: 300, highWater: 200 })]
    }
    assert.throws(() => resourcePlan(init), error => {
      assert.ok(PlanContradictionError.is(error))
      assert.equal(error.code, 'PLAN_CONTRADICTION')
      assert.deepEqual(error.contradictions.map(({ rule, path }) => `${rule} ${path}`), [
        'blocked-on-the-way Transient.ConnsInbound', 'below-need Conn.Memory', 'watermark-above-limit System.Conns', 'watermark-above-limit System.ConnsInbound',
        'low-above-high lowWater', 'above-machine System.Memory'
      ])
      for (const { message } of error.contradictions) assert.ok(error.message.includes(message))
      return true
    })
  })

  it('checks further parts, and stays as it is', () => {
    const plan = resourcePlan({ memoryBytes: 128 * MIB, numFd: 256 })
    assert.throws(() => plan.check([trimmer({ lowWater: 1, highWater: 65 })]), PlanContradictionError)
    plan.check([trimmer({ lowWater: 1, highWater: 64 })])
    assert.throws(() => plan.check([{ name: 'x', costs: 1 } as never]), TypeError)
    assert.ok(Object.isFrozen(plan) && Object.isFrozen(plan.limits) && Object.isFrozen(plan.limits.system) && Object.isFrozen(plan.budget) && Object.isFrozen(plan.worstCase))
  })

  it('refuses options that are not known and numbers that are none', () => {
    assert.throws(() => resourcePlan({ memoryBytes: 1, numFd: 1, memory: 1 } as ResourcePlanInit), /TypeError: unknown option memory/)
    assert.throws(() => resourcePlan({ numFd: 1 } as ResourcePlanInit), RangeError)
    for (const wrong of [Number.NaN, -1, 1.5, Infinity]) assert.throws(() => resourcePlan({ memoryBytes: wrong, numFd: 1 }), RangeError)
    for (const wrong of [Number.NaN, -1, 1.5]) {
      assert.throws(() => resourcePlan({ memoryBytes: 1, numFd: wrong }), RangeError)
      assert.throws(() => resourcePlan({ memoryBytes: 1, numFd: 1, machineMemoryBytes: wrong }), RangeError)
      assert.throws(() => resourcePlan({ memoryBytes: 1, numFd: 1, machineNumFd: wrong }), RangeError)
    }
    assert.throws(() => resourcePlan({ memoryBytes: 1, numFd: 1, limits: { System: { Conns: -1 } } }), LimitConfigError)
  })

  it('describes itself in lines', () => {
    assert.deepEqual(resourcePlan({ memoryBytes: 512 * MIB, numFd: 1_024, parts: [WIRE, BOOK] }).describe(), [
      'budget           512 MiB, 1024 file descriptors',
      'system           176 connections (88 in, 176 out), 2816 streams (1408 in, 2816 out), 1024 file descriptors, 512 MiB',
      'not ready yet    76 connections (38 in, 76 out), 352 streams (176 in, 352 out), 256 file descriptors, 80 MiB',
      'one peer         8 connections (8 in, 8 out), 608 streams (304 in, 608 out), 16 file descriptors, 112 MiB',
      'one connection   32 MiB',
      'one stream       16 MiB',
      'trimmed          from 79 connections on, down to 63',
      'worst case       516.4 MiB, 1028 file descriptors',
      '- reserved       512 MiB',
      '- wire           3.4 MiB',
      '- book           1 MiB',
      'trusted          513.4 MiB on top, when trusted addresses use all that is theirs'
    ])
  })

  it('describes what is unlimited and what is not known', () => {
    const lines = resourcePlan({ memoryBytes: 512 * MIB, numFd: 0, limits: { System: { Memory: 'unlimited', FD: 'unlimited', Conns: 'unlimited' } } }).describe()
    assert.equal(lines[0], 'budget           512 MiB, an unknown number of file descriptors')
    assert.match(lines[1] ?? '', /unlimited connections .* unlimited file descriptors, unlimited$/)
    assert.ok(lines.includes('worst case       unlimited, unlimited file descriptors'))
    assert.ok(!lines.join().includes('NaN') && !lines.join().includes('Infinity'))
  })
})
