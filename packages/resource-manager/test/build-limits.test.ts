import assert from 'node:assert/strict'
import fc from 'fast-check'
import { autoScale } from '../src/auto-scale.ts'
import { baseLimit } from '../src/base-limit.ts'
import { buildLimits, toPartialLimits } from '../src/build-limits.ts'
import { defaultScalingLimits } from '../src/default-scaling-limits.ts'
import { LimitConfigError } from '../src/errors.ts'
import { infiniteLimits } from '../src/infinite-limits.ts'
import type { Limit } from '../src/limit.ts'
import { parseLimits } from '../src/parse-limits.ts'
import { scaleLimits } from '../src/scale-limits.ts'
import { arbitraryLimits } from './arbitrary-limits.ts'
import { limitSample } from './limit-sample.ts'

const defaults = scaleLimits({ memoryBytes: 2 ** 30, numFd: 1_024 })

describe('buildLimits', () => {
  it('gives the defaults themselves where nothing is written', () => {
    assert.deepEqual(buildLimits({}, defaults), defaults)
  })

  it('TestRoundTripFromConcreteAndBack: is the same after it was written down', () => {
    const limits = buildLimits({ System: { Conns: 1_234, Memory: 54_321 }, ServiceDefault: { Conns: 2 }, Service: { foo: { Conns: 3 } } }, infiniteLimits)
    assert.deepEqual(buildLimits(toPartialLimits(limits), infiniteLimits), limits)
    assert.equal(limits.system.conns, 1_234)
    assert.equal(limits.system.streams, Infinity)
    assert.equal(limits.service.get('foo')?.conns, 3)
  })

  it('TestLimitConfigRoundTrip: nothing written down is left to the defaults', () => {
    const withC = { base: defaultScalingLimits.serviceDefault.base }
    const limits = buildLimits(parseLimits(limitSample(bytes => bytes)), autoScale({ scaling: { ...defaultScalingLimits, service: new Map([['C', withC]]), protocolPeer: new Map([['C', withC]]) } }))
    assert.deepEqual(buildLimits(toPartialLimits(limits), infiniteLimits), limits)
  })

  it('is the same after it was written down, whatever is written', () => {
    fc.assert(fc.property(arbitraryLimits, written => {
      const limits = buildLimits(written, defaults)
      assert.deepEqual(buildLimits(toPartialLimits(limits), infiniteLimits), limits)
    }), { numRuns: 50 })
  })

  it('takes the open fields of a name from the same name of the defaults, then from the default that was built', () => {
    const limits = buildLimits({
      ServiceDefault: { Streams: 5 },
      Service: { 'libp2p.ping': { Memory: 7 }, other: { Memory: 7 } }
    }, defaults)
    assert.deepEqual(limits.service.get('libp2p.ping'), { ...defaults.service.get('libp2p.ping'), memoryBytes: 7 })
    assert.deepEqual(limits.service.get('other'), { ...defaults.serviceDefault, streams: 5, memoryBytes: 7 })
    assert.deepEqual(limits.service.get('libp2p.identify'), defaults.service.get('libp2p.identify'))
  })

  it('blocks with blockAll, and has no limit with unlimited and from 2^53 on', () => {
    const { system } = buildLimits({ System: { Streams: 0, Conns: 'blockAll', FD: 'unlimited', Memory: '9223372036854775807' } }, defaults)
    assert.deepEqual([system.streams, system.conns, system.fd, system.memoryBytes], [0, 0, Infinity, Infinity])
  })

  it('takes over a limit with getters where nothing is written, and reads it now where something is', () => {
    let conns = 10
    const dynamic: Limit = { ...baseLimit({}), get conns () { return conns } }
    const limits = buildLimits({ Transient: { FD: 3 } }, { ...infiniteLimits, system: dynamic, transient: dynamic })
    conns = 20
    assert.equal(limits.system.conns, 20)
    assert.deepEqual([limits.transient.conns, limits.transient.fd], [10, 3])
  })

  it('refuses what checkLimits refuses', () => {
    assert.throws(() => buildLimits({ System: { Conns: Number.NaN } }, defaults), LimitConfigError)
  })
})

describe('toPartialLimits', () => {
  it('leaves nothing open', () => {
    const written = toPartialLimits(defaults)
    assert.deepEqual(written.Conn, { Streams: 'blockAll', StreamsInbound: 'blockAll', StreamsOutbound: 'blockAll', Conns: 1, ConnsInbound: 1, ConnsOutbound: 1, FD: 1, Memory: 33_554_432 })
    assert.deepEqual(toPartialLimits(infiniteLimits).System, { Streams: 'unlimited', StreamsInbound: 'unlimited', StreamsOutbound: 'unlimited', Conns: 'unlimited', ConnsInbound: 'unlimited', ConnsOutbound: 'unlimited', FD: 'unlimited', Memory: 'unlimited' })
    assert.deepEqual(structuredClone(written), written)
  })
})
