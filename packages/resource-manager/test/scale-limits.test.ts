import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { BaseLimit } from '../src/base-limit.ts'
import { baseLimit } from '../src/base-limit.ts'
import { defaultScalingLimits } from '../src/default-scaling-limits.ts'
import type { Limit } from '../src/limit.ts'
import { LIMIT_FIELDS } from '../src/limit-fields.ts'
import { KEYED_SCOPES, SINGLE_SCOPES } from '../src/limit-set.ts'
import { scaleLimits } from '../src/scale-limits.ts'
import { zeroScaling } from './zero-scaling.ts'

const MIB = 2 ** 20
const GIB = 2 ** 30
const TIB = 2 ** 40

const base: BaseLimit = Object.freeze({ streams: 100, streamsInbound: 200, streamsOutbound: 400, conns: 10, connsInbound: 20, connsOutbound: 40, fd: 1, memoryBytes: MIB })
const perGiB = Object.freeze({ streams: 1, streamsInbound: 2, streamsOutbound: 3, conns: 4, connsInbound: 5, connsOutbound: 6, memoryBytes: 7 })

/** Every limit of the defaults, by a name. */
function everyLimit (memoryBytes: number, numFd: number): Map<string, Limit> {
  const limits = scaleLimits({ memoryBytes, numFd })
  return new Map([
    ...SINGLE_SCOPES.map(scope => [scope, limits[scope]] as const),
    ...KEYED_SCOPES.flatMap(scope => Array.from(limits[scope], ([name, limit]) => [`${scope} ${name}`, limit] as const))
  ])
}

describe('scaleLimits', () => {
  it('TestScaling, "no scaling if no increase is defined"', () => {
    const { serviceDefault } = scaleLimits({ memoryBytes: 8 * GIB, numFd: 100 }, { ...zeroScaling, serviceDefault: { base } })
    assert.deepEqual(serviceDefault, baseLimit(base))
  })

  it('TestScaling, "scaling"', () => {
    const { transient } = scaleLimits({ memoryBytes: 128 * MIB + 4 * GIB, numFd: 1_000 }, { ...zeroScaling, transient: { base, perGiB: { ...perGiB, fdRatio: 0.5 } } })
    assert.deepEqual(transient, {
      memoryBytes: MIB + 4 * 7, streams: 100 + 4, streamsInbound: 200 + 4 * 2, streamsOutbound: 400 + 4 * 3, conns: 10 + 4 * 4, connsInbound: 20 + 4 * 5, connsOutbound: 40 + 4 * 6, fd: 500
    })
  })

  it('TestScaling, "scaling and using the base amounts"', () => {
    const { transient } = scaleLimits({ memoryBytes: 1, numFd: 10 }, { ...zeroScaling, transient: { base, perGiB: { ...perGiB, fdRatio: 0.01 } } })
    assert.deepEqual(transient, baseLimit(base))
  })

  it('TestScaling, "scaling limits in maps"', () => {
    const { service } = scaleLimits({ memoryBytes: 128 * MIB + 4 * GIB, numFd: 1_000 }, {
      ...zeroScaling,
      service: new Map([
        ['A', { base: { streams: 10, memoryBytes: 100, fd: 9 } }],
        ['B', { base: { streams: 20, memoryBytes: 200, fd: 10 }, perGiB: { streams: 2, memoryBytes: 3, fdRatio: 0.4 } }]
      ])
    })
    assert.deepEqual([...service.keys()], ['A', 'B'])
    assert.deepEqual(service.get('A'), baseLimit({ streams: 10, memoryBytes: 100, fd: 9 }))
    assert.deepEqual(service.get('B'), baseLimit({ streams: 20 + 4 * 2, memoryBytes: 200 + 4 * 3, fd: 400 }))
  })

  it('TestReadmeExample: 4 GiB above the base give 384 connections', () => {
    const system = {
      base: { connsInbound: 64, connsOutbound: 128, conns: 128, streamsInbound: 512, streamsOutbound: 1_024, streams: 1_024, memoryBytes: 128 * MIB, fd: 256 },
      perGiB: { connsInbound: 32, connsOutbound: 64, conns: 64, streamsInbound: 256, streamsOutbound: 512, streams: 512, memoryBytes: 256 * MIB, fdRatio: 1 }
    }
    const limits = scaleLimits({ memoryBytes: 128 * MIB + 4 * GIB, numFd: 1_000 }, { ...zeroScaling, system })
    assert.equal(limits.system.conns, 128 + 4 * 64)
    assert.equal(limits.system.fd, 1_000)
    // Go has its 384 at 4 GiB already, because it counts the first 128 MiB, which the base is for, once more.
    assert.equal(scaleLimits({ memoryBytes: 4 * GIB, numFd: 1_000 }, { ...zeroScaling, system }).system.conns, 376)
  })

  it('fault 1: scales a stream by its own increase, and not by that of a connection', () => {
    const { conn, stream } = scaleLimits({ memoryBytes: 128 * MIB + 2 * GIB, numFd: 0 }, {
      ...zeroScaling, conn: { base: {}, perGiB: { memoryBytes: 1_000, conns: 5 } }, stream: { base: {}, perGiB: { memoryBytes: 10, streams: 1 } }
    })
    assert.deepEqual(conn, baseLimit({ memoryBytes: 2_000, conns: 10 }))
    assert.deepEqual(stream, baseLimit({ memoryBytes: 20, streams: 2 }))
  })

  it('fault 3: has no step at 128 MiB, where Go jumps from 128 to 256 MiB and from 128 to 144 connections', () => {
    const [below, at, above] = [128 * MIB - 1, 128 * MIB, 128 * MIB + 1].map(memoryBytes => scaleLimits({ memoryBytes, numFd: 0 }).system)
    assert.deepEqual(below, at)
    assert.deepEqual(above, { ...at, memoryBytes: 128 * MIB + 1 })
  })

  it('limits the system\'s memory to the budget itself, from the base on', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: TIB }), memoryBytes => {
      assert.equal(scaleLimits({ memoryBytes, numFd: 0 }).system.memoryBytes, Math.max(128 * MIB, memoryBytes))
    }))
  })

  it('never gives less for more, nor less than nothing, from 64 MiB to 1 TiB', () => {
    const budget = fc.record({ memoryBytes: fc.integer({ min: 64 * MIB, max: TIB }), numFd: fc.oneof(fc.nat(2_000_000), fc.constant(Infinity)) })
    fc.assert(fc.property(budget, budget, (one, other) => {
      const less = everyLimit(Math.min(one.memoryBytes, other.memoryBytes), Math.min(one.numFd, other.numFd))
      const more = everyLimit(Math.max(one.memoryBytes, other.memoryBytes), Math.max(one.numFd, other.numFd))
      for (const [scope, limit] of less) {
        for (const { name } of LIMIT_FIELDS) {
          assert.ok(limit[name] >= 0 && (limit[name] === Infinity || Number.isSafeInteger(limit[name])), `${scope}.${name} is ${limit[name]}`)
          assert.ok(limit[name] <= (more.get(scope)?.[name] ?? Number.NaN), `${scope}.${name} shrinks`)
        }
      }
    }), { numRuns: 200 })
  })

  it('never jumps: a byte more gives at most one more of anything', () => {
    fc.assert(fc.property(fc.oneof(fc.integer({ min: 64 * MIB, max: TIB }), fc.integer({ min: 128 * MIB - 2, max: 128 * MIB + 2 })), memoryBytes => {
      const more = everyLimit(memoryBytes + 1, 1_000)
      for (const [scope, limit] of everyLimit(memoryBytes, 1_000)) {
        for (const { name } of LIMIT_FIELDS) assert.ok((more.get(scope)?.[name] ?? Number.NaN) - limit[name] <= 1, `${scope}.${name} jumps`)
      }
    }))
  })

  it('is exact where the product of increase and memory is beyond 2^53', () => {
    // As a product of numbers, rounded down, this would be one more.
    const { system } = scaleLimits({ memoryBytes: 1_099_511_477_618 + 128 * MIB, numFd: 0 }, { ...zeroScaling, system: { base: {}, perGiB: { memoryBytes: 1_073_720_372 } } })
    assert.equal(system.memoryBytes, 1_099_489_510_772)
  })

  it('is unlimited where a limit would be beyond 2^53', () => {
    const { system } = scaleLimits({ memoryBytes: 2 ** 52, numFd: 0 }, { ...zeroScaling, system: { base: {}, perGiB: { memoryBytes: 4 * GIB } } })
    assert.equal(system.memoryBytes, Infinity)
  })

  it('takes the base where the descriptors are not known, and has no limit where there is none', () => {
    assert.deepEqual([0, 100, 1_000, Infinity].map(numFd => scaleLimits({ memoryBytes: GIB, numFd }).system.fd), [256, 256, 1_000, Infinity])
    assert.deepEqual([0, 100, 1_000, Infinity].map(numFd => scaleLimits({ memoryBytes: GIB, numFd }).serviceDefault.fd), [0, 0, 0, 0])
  })

  for (const wrong of [Number.NaN, -1, 1.5, 2 ** 53, '1' as unknown as number]) {
    it(`refuses ${wrong} (${typeof wrong})`, () => {
      assert.throws(() => scaleLimits({ memoryBytes: wrong, numFd: 1 }), RangeError)
      assert.throws(() => scaleLimits({ memoryBytes: 1, numFd: wrong }), RangeError)
      assert.throws(() => scaleLimits({ memoryBytes: 1, numFd: 1 }, { ...zeroScaling, system: { base: {}, perGiB: { conns: wrong } } }), /RangeError: system\.perGiB\.conns/)
      if (wrong !== 2 ** 53) assert.throws(() => scaleLimits({ memoryBytes: 1, numFd: 1 }, { ...zeroScaling, system: { base: { conns: wrong } } }))
    })
  }

  it('refuses unlimited memory, a share above 1, and a field that no limit has', () => {
    assert.throws(() => scaleLimits({ memoryBytes: Infinity, numFd: 1 }), RangeError)
    for (const fdRatio of [-0.1, 1.1, Number.NaN]) assert.throws(() => scaleLimits({ memoryBytes: 1, numFd: 1 }, { ...zeroScaling, system: { base: {}, perGiB: { fdRatio } } }), RangeError)
    assert.throws(() => scaleLimits({ memoryBytes: 1, numFd: 1 }, { ...zeroScaling, system: { base: { sockets: 1 } as BaseLimit } }), TypeError)
  })

  it('keeps the defaults as they are', () => {
    assert.ok(Object.isFrozen(defaultScalingLimits))
  })
})
