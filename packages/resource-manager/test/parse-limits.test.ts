import assert from 'node:assert/strict'
import { autoScale } from '../src/auto-scale.ts'
import { buildLimits, toPartialLimits } from '../src/build-limits.ts'
import type { ConcreteLimits } from '../src/concrete-limits.ts'
import { defaultScalingLimits } from '../src/default-scaling-limits.ts'
import { LimitConfigError } from '../src/errors.ts'
import { parseLimits } from '../src/parse-limits.ts'
import { stringifyLimits } from '../src/stringify-limits.ts'
import { limitSample, SAMPLE_PEER } from './limit-sample.ts'

const withC = { base: defaultScalingLimits.serviceDefault.base }
const defaults = autoScale({
  scaling: { ...defaultScalingLimits, service: new Map([['C', withC]]), protocolPeer: new Map([['C', withC]]) }
})

function assertSample (limits: ConcreteLimits): void {
  assert.deepEqual(limits.system, { ...defaults.system, memoryBytes: 65_536, conns: 16, connsInbound: 8, connsOutbound: 16, fd: 16 })
  assert.deepEqual(limits.transient, defaults.transient)
  assert.equal(limits.serviceDefault.memoryBytes, 8_765)
  assert.deepEqual(limits.service.get('A'), { ...limits.serviceDefault, memoryBytes: 8_192 })
  assert.deepEqual(limits.service.get('B'), limits.serviceDefault)
  assert.deepEqual(limits.service.get('C'), defaults.service.get('C'))
  assert.deepEqual(limits.protocolPeer.get('C'), defaults.protocolPeer.get('C'))
  assert.equal(limits.peerDefault.memoryBytes, 4_096)
  assert.equal(limits.peer.get(SAMPLE_PEER)?.memoryBytes, 4_097)
}

describe('parseLimits', () => {
  it('TestLimitConfigParserBackwardsCompat: memory as numbers', () => {
    assertSample(buildLimits(parseLimits(limitSample(bytes => bytes)), defaults))
  })

  it('TestLimitConfigParser: memory as strings, and what is built is written and read back', () => {
    const limits = buildLimits(parseLimits(limitSample(String)), defaults)
    assertSample(limits)
    const written = toPartialLimits(limits)
    const again = buildLimits(parseLimits(stringifyLimits(written)), defaults)
    assert.deepEqual(toPartialLimits(again), written)
    assert.deepEqual(again, limits)
  })

  it('TestJSONRoundTripInt64: keeps every digit of a whole number, in quotes or bare', () => {
    for (const digits of ['9223372036854775807', '9223372036854775806', '9007199254740993']) {
      assert.deepEqual(parseLimits(`{"System":{"Memory":"${digits}"}}`), { System: { Memory: digits } })
      assert.deepEqual(parseLimits(`{"System":{"Streams":${digits}}}`), { System: { Streams: digits } })
      const json = `{"System":{"Streams":${digits},"Memory":"${digits}"}}`
      assert.equal(stringifyLimits(parseLimits(json)), json)
    }
  })

  it('TestWhatIsZeroInResourceLimits: a written 0 blocks, in quotes or bare', () => {
    const blocked = { System: { Streams: 'blockAll', Memory: 'blockAll' } }
    assert.deepEqual(parseLimits('{"System":{"Streams":0,"Memory":0}}'), blocked)
    assert.deepEqual(parseLimits('{"System":{"Streams":0,"Memory":"0"}}'), blocked)
    assert.equal(stringifyLimits(parseLimits('{"System":{"Streams":0,"Memory":0}}')), '{"System":{"Streams":"blockAll","Memory":"blockAll"}}')
  })

  it('reads numbers that a JavaScript number can hold in any form, and refuses what is none', () => {
    assert.deepEqual(parseLimits('{"System":{"Streams":1e3}}'), { System: { Streams: 1_000 } })
    assert.throws(() => parseLimits('{"System":{"Streams":1e400}}'), error => LimitConfigError.is(error) && error.fault === 'not-a-number')
    assert.throws(() => parseLimits('{"System":{"Streams":1e300}}'), error => LimitConfigError.is(error) && error.fault === 'too-large')
    assert.throws(() => parseLimits('{"System":{"Streams":9223372036854775808}}'), error => LimitConfigError.is(error) && error.fault === 'too-large')
    assert.throws(() => parseLimits('{"System":{"Streams":-9223372036854775808}}'), error => LimitConfigError.is(error) && error.fault === 'negative')
  })

  it('refuses what is no JSON, with its cause', () => {
    for (const json of ['', '{', '{"System":{"Streams":NaN}}', '{"System":{}} {}', '{"System":{"Streams":01}}']) {
      assert.throws(() => parseLimits(json), error => LimitConfigError.is(error) && error.fault === 'syntax' && error.cause instanceof SyntaxError)
    }
  })

  it('refuses a key that comes twice, whose first limits would be lost', () => {
    assert.throws(() => parseLimits('{"System":{"Streams":1},"System":{"Conns":2}}'), error => LimitConfigError.is(error) && error.fault === 'duplicate-key' && error.path === 'System')
    assert.throws(() => parseLimits('{"System":{"Streams":1,"Streams":2}}'), error => LimitConfigError.is(error) && error.path === 'System.Streams')
  })

  it('names the path of what is wrong', () => {
    assert.throws(() => parseLimits('{"Protocol":{"/a":{"Memory":true}}}'), error => LimitConfigError.is(error) && error.path === 'Protocol["/a"].Memory')
  })

  it('does not take a name of the file for a prototype', () => {
    const limits = buildLimits(parseLimits('{"Service":{"__proto__":{"Streams":3},"constructor":{"Streams":4}}}'), defaults)
    assert.equal(limits.service.get('__proto__')?.streams, 3)
    assert.equal(limits.service.get('constructor')?.streams, 4)
    assert.equal(({} as { Streams?: unknown }).Streams, undefined)
  })
})
