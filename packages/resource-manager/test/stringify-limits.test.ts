import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { toPartialLimits } from '../src/build-limits.ts'
import { checkLimits } from '../src/check-limits.ts'
import { LimitConfigError } from '../src/errors.ts'
import { infiniteLimits } from '../src/infinite-limits.ts'
import { parseLimits } from '../src/parse-limits.ts'
import { stringifyLimits } from '../src/stringify-limits.ts'
import { arbitraryLimits } from './arbitrary-limits.ts'

describe('stringifyLimits', () => {
  it('TestJSONMarshalling: words, numbers, nothing for default, in the order of Go', () => {
    const limits = { System: { Memory: 'unlimited', ConnsOutbound: 'unlimited', Conns: 10, StreamsOutbound: 'blockAll', StreamsInbound: 10, Streams: 'default' } } as const
    const json = '{"System":{"StreamsInbound":10,"StreamsOutbound":"blockAll","Conns":10,"ConnsOutbound":"unlimited","Memory":"unlimited"}}'
    assert.equal(stringifyLimits(limits), json)
    assert.deepEqual(parseLimits(json), checkLimits(limits))
  })

  it('TestSerializeJSON: what is not said is not written', () => {
    assert.equal(stringifyLimits({ System: { Streams: 10 } }), '{"System":{"Streams":10}}')
    assert.equal(stringifyLimits({}), '{}')
  })

  it('TestReadmeLimitConfigSerialization: the sample of the documentation, peers before the system', () => {
    const json = stringifyLimits({
      System: { StreamsOutbound: 'unlimited' },
      Peer: {
        QmVvtzcZgCkMnSFf2dnrBPXrWuNFWNM9J3MpZQCvWPuVZf: {
          ConnsInbound: 'blockAll', Conns: 'default', ConnsOutbound: 'default', StreamsInbound: 'blockAll', StreamsOutbound: 'unlimited'
        }
      }
    })
    assert.equal(json, '{"Peer":{"QmVvtzcZgCkMnSFf2dnrBPXrWuNFWNM9J3MpZQCvWPuVZf":{"StreamsInbound":"blockAll","StreamsOutbound":"unlimited","ConnsInbound":"blockAll"}},"System":{"StreamsOutbound":"unlimited"}}')
  })

  it('writes memory as a string of digits, and counts as numbers, of any size', () => {
    assert.equal(stringifyLimits({ System: { FD: 16_384, Memory: 8_724_152_320 } }), '{"System":{"FD":16384,"Memory":"8724152320"}}')
    assert.equal(stringifyLimits({ System: { Streams: '9223372036854775807', Memory: '9223372036854775806' } }), '{"System":{"Streams":9223372036854775807,"Memory":"9223372036854775806"}}')
  })

  it('sorts names by their bytes, keeps empty ones, and escapes as Go does', () => {
    // As written by go-libp2p v0.51.0.
    assert.equal(stringifyLimits({ Service: { 'b<&>\u2028é': {}, a: { Streams: 3 } }, Protocol: {} }), '{"Service":{"a":{"Streams":3},"b\\u003c\\u0026\\u003e\\u2028é":{}}}')
    assert.equal(stringifyLimits({ Service: { z: { Streams: 1 }, a: { Streams: 2 }, B: { Streams: 3 }, 9: {}, 10: {} } }), '{"Service":{"10":{},"9":{},"B":{"Streams":3},"a":{"Streams":2},"z":{"Streams":1}}}')
    assert.equal(stringifyLimits({ Service: { '\uffff': {}, '😀': {} } }), '{"Service":{"\uffff":{},"😀":{}}}')
  })

  it('writes what go-libp2p wrote, byte for byte', () => {
    const json = readFileSync(new URL('./go-default-limits.json', import.meta.url), 'utf8')
    assert.equal(stringifyLimits(parseLimits(json)), json)
  })

  it('writes infinite limits as unlimited, in every place', () => {
    const json = stringifyLimits(toPartialLimits(infiniteLimits))
    assert.equal(json.match(/"unlimited"/g)?.length, 11 * 8)
    assert.ok(!/\d|null/.test(json))
  })

  it('writes what is read back as the same, and writes that in the same bytes', () => {
    fc.assert(fc.property(arbitraryLimits, limits => {
      const json = stringifyLimits(limits)
      assert.deepEqual(parseLimits(json), checkLimits(limits))
      assert.equal(stringifyLimits(parseLimits(json)), json)
    }))
  })

  it('refuses what could not be read back', () => {
    assert.throws(() => stringifyLimits({ System: { Streams: -1 } }), LimitConfigError)
  })
})
