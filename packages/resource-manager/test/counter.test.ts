import assert from 'node:assert/strict'
import { ReservationPriority } from '@weir/network'
import fc from 'fast-check'
import type { Counter } from '../src/counter.ts'
import type { Limit } from '../src/index.ts'
import { ScopeCounter } from '../src/scope-counter.ts'
import { limitOf } from './limits-for.ts'

function counterOf (limit: Partial<Limit>): Counter {
  return new ScopeCounter({ id: { kind: 'system' }, onZero () {} }, limitOf(limit))
}

function take (counter: Counter, bytes: number, priority: number): void {
  const refusal = counter.memoryRefusal(bytes, priority)
  assert.equal(refusal, undefined)
  counter.addMemory(bytes)
}

describe('Counter', () => {
  describe('TestCheckMemory', () => {
    it('a sum that no number holds exactly is refused, limit or none', () => {
      const counter = counterOf({})
      take(counter, Number.MAX_SAFE_INTEGER - 1, 255)
      assert.equal(counter.memoryRefusal(1, 255), undefined)
      const refusal = counter.memoryRefusal(2, 255)
      assert.deepEqual([refusal?.current, refusal?.attempted, refusal?.limit], [Number.MAX_SAFE_INTEGER - 1, 2, Number.MAX_SAFE_INTEGER])
    })

    it('refuses exactly above limit >> (8 - k) for the priority 2 ** k - 1', () => {
      fc.assert(fc.property(fc.maxSafeNat(), fc.maxSafeNat(), fc.maxSafeNat(), fc.integer({ min: 0, max: 8 }), (limit, current, bytes, k) => {
        const counter = counterOf({ memoryBytes: limit })
        counter.addMemory(current)
        const refused = BigInt(current) + BigInt(bytes) > BigInt(limit) >> BigInt(8 - k)
        assert.equal(counter.memoryRefusal(bytes, 2 ** k - 1) !== undefined, refused)
      }), { numRuns: 2_000 })
    })

    it('the border is floor((1 + priority) * limit / 256), to the byte, where that product is no exact number too', () => {
      fc.assert(fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 255 }), (limit, priority) => {
        const border = Number(BigInt(1 + priority) * BigInt(limit) / 256n)
        assert.equal(counterOf({ memoryBytes: limit }).memoryRefusal(border, priority), undefined)
        assert.notEqual(counterOf({ memoryBytes: limit }).memoryRefusal(border + 1, priority), undefined)
      }), { numRuns: 2_000 })
    })
  })

  describe('TestResources', () => {
    for (const [name, allowed, refused] of [['low', 1_024, 2_048], ['medium', 2_048, 3_072], ['high', 3_072, 3_584], ['always', 4_096, 8_192]] as const) {
      it(`of 4096 bytes, the priority ${name} may use ${allowed} and not ${refused}`, () => {
        const counter = counterOf({ memoryBytes: 4_096 })
        assert.equal(counter.memoryRefusal(allowed, ReservationPriority[name]), undefined)
        assert.equal(counter.memoryRefusal(refused, ReservationPriority[name])?.limit, 4_096)
      })
    }

    it('memory adds up and comes back', () => {
      const counter = counterOf({ memoryBytes: 4_096 })
      take(counter, 1_024, ReservationPriority.always)
      take(counter, 3_072, ReservationPriority.always)
      assert.notEqual(counter.memoryRefusal(1, ReservationPriority.always), undefined)
      counter.removeMemory(1_024)
      take(counter, 1_024, ReservationPriority.always)
      counter.removeMemory(4_096)
      assert.equal(counter.memoryBytes, 0)
      assert(counter.isZero)
    })

    it('streams are bounded by direction and altogether, connections too, and file descriptors last', () => {
      const streams = counterOf({ streams: 2, streamsInbound: 1, streamsOutbound: 1 })
      streams.addStream(true)
      assert.deepEqual([streams.streamRefusal(1, 0)?.direction, streams.streamRefusal(0, 1)], ['inbound', undefined])
      streams.addStream(false)
      assert.equal(streams.streamRefusal(0, 1)?.direction, 'outbound')

      const total = counterOf({ streams: 1 })
      total.addStream(true)
      const refusal = total.streamRefusal(0, 1)
      assert.deepEqual([refusal?.direction, refusal?.current, refusal?.attempted, refusal?.limit], [undefined, 1, 1, 1])

      const conns = counterOf({ conns: 2, connsInbound: 1, connsOutbound: 1, fd: 1 })
      conns.addConn(true, true)
      assert.equal(conns.connRefusal(1, 0, 1)?.direction, 'inbound', 'before the total and the descriptors')
      assert.equal(conns.connRefusal(0, 1, 1)?.resource, 'fd')
      conns.addConn(false, false)
      assert.equal(conns.connRefusal(0, 1, 0)?.direction, 'outbound')
      assert.deepEqual({ ...conns.stat() }, { numStreamsInbound: 0, numStreamsOutbound: 0, numConnsInbound: 1, numConnsOutbound: 1, numFD: 1, memoryBytes: 0 })
    })
  })

  it('asks of a child for memory first, then streams, then connections, and for nothing that it has none of', () => {
    const child = counterOf({})
    child.addMemory(1)
    child.addStream(true)
    child.addConn(true, true)
    assert.equal(counterOf({ memoryBytes: 0, streams: 0, conns: 0 }).refusalOf(child)?.resource, 'memory')
    assert.equal(counterOf({ streams: 0, conns: 0 }).refusalOf(child)?.resource, 'stream')
    assert.equal(counterOf({ conns: 0, fd: 0 }).refusalOf(child)?.resource, 'connection')
    assert.equal(counterOf({ fd: 0 }).refusalOf(child)?.resource, 'fd')
    const lowered = { memoryBytes: 10, streams: 10, conns: 10 }
    const full = counterOf(lowered)
    full.add(child)
    Object.assign(lowered, { memoryBytes: 0, streams: 0, conns: 0 })
    assert.equal(full.refusalOf(counterOf({})), undefined)
  })

  it('a limit that is no number refuses', () => {
    const hostile = counterOf({ memoryBytes: Number.NaN, streams: Number.NaN, streamsInbound: Number.NaN, conns: Number.NaN, fd: Number.NaN })
    assert.notEqual(hostile.memoryRefusal(0, 255), undefined)
    assert.notEqual(hostile.memoryRefusal(0, 3), undefined)
    assert.notEqual(hostile.streamRefusal(1, 0), undefined)
    assert.notEqual(hostile.streamRefusal(0, 1), undefined)
    assert.notEqual(hostile.connRefusal(1, 0, 0), undefined)
    assert.notEqual(counterOf({ fd: Number.NaN }).connRefusal(1, 0, 1), undefined)
  })
})
