import assert from 'node:assert/strict'
import fc from 'fast-check'
import { turn } from '@weir/compliance'
import { MovingAverage } from '../src/moving-average.ts'
import { TrafficScheduler } from '../src/traffic-scheduler.ts'

describe('MovingAverage', () => {
  it('is Octez\'s, in whole numbers', () => {
    const average = new MovingAverage()
    const values: number[] = []
    for (const bytes of [1_000, 1_000, 0, 12_345]) {
      average.add(bytes)
      average.update(1_000)
      values.push(average.averageBytesPerSecond)
    }
    assert.deepEqual(values, [200, 360, 288, 2_699]) // 800 * 288 / 1000 is 230, and 200 * 12345 / 1000 is 2469
    assert.equal(average.totalBytes, 14_345)
  })

  it('is by the time that has passed, and an interval of none is not over', () => {
    const average = new MovingAverage()
    average.add(1_000)
    average.update(0)
    average.update(0.9)
    assert.equal(average.averageBytesPerSecond, 0)
    average.update(2_000.7)
    assert.equal(average.averageBytesPerSecond, 100)
  })

  it('comes to what flows', () => {
    fc.assert(fc.property(fc.integer({ min: 1_000, max: 1_000_000_000 }), rate => {
      const average = new MovingAverage()
      for (let i = 0; i < 60; i++) {
        average.add(rate)
        average.update(1_000)
      }
      assert.ok(Math.abs(average.averageBytesPerSecond / rate - 1) < 0.01)
    }))
  })
})

describe('TrafficScheduler', () => {
  it('admits everything at once when there is no limit', () => {
    const scheduler = new TrafficScheduler(Infinity)
    const lane = scheduler.open()
    assert.equal(scheduler.isLimited, false)
    for (let i = 0; i < 5; i++) assert.equal(scheduler.tryAdmit(lane, 2 ** 40), true)
    scheduler.tick(1_000)
    assert.equal(lane.average.averageBytesPerSecond, 2 ** 40)
  })

  it('serves those with a share first, then the others, each in its order, and pays debts back', async () => {
    const scheduler = new TrafficScheduler(1_000)
    const [a, b, c] = [scheduler.open(), scheduler.open(), scheduler.open()]
    const order: string[] = []
    const want = (name: string, lane: typeof a, bytes: number): void => { scheduler.admit(lane, bytes).then(() => { order.push(name) }, () => { order.push(`${name} refused`) }) }
    assert.equal(scheduler.tryAdmit(a, 3_000), true) // a debt of 2,000
    want('a', a, 10)
    want('b', b, 10)
    await turn()
    assert.deepEqual(order, [])
    scheduler.tick(1_000)
    assert.deepEqual([a.quotaBytes, b.quotaBytes], [200, 200])
    await turn()
    assert.deepEqual(order, [], 'the debt is not paid')
    want('c', c, 10) // it has a share by now, as those that rose before it
    scheduler.tick(1_000)
    scheduler.tick(1_000)
    await turn()
    assert.deepEqual(order, ['a', 'b', 'c'])
  })

  it('puts who has used up its share behind those who have not', async () => {
    const scheduler = new TrafficScheduler(1_000)
    const [greedy, modest] = [scheduler.open(), scheduler.open()]
    scheduler.tryAdmit(greedy, 1_000)
    scheduler.tick(1_000) // both get 100
    assert.equal(scheduler.tryAdmit(greedy, 1_000), true)
    assert.equal(greedy.quotaBytes, -900)
    const order: string[] = []
    const first = scheduler.admit(greedy, 500).then(() => { order.push('greedy') })
    const second = scheduler.admit(modest, 500).then(() => { order.push('modest') })
    scheduler.tick(1_000)
    await Promise.all([first, second])
    assert.deepEqual(order, ['modest', 'greedy'])
  })

  it('forgets what waits of a lane that is closed, and lets one piece of a lane wait', async () => {
    const scheduler = new TrafficScheduler(10)
    const [lane, other] = [scheduler.open(), scheduler.open()]
    scheduler.tryAdmit(lane, 10)
    const waiting = scheduler.admit(other, 5)
    await assert.rejects(scheduler.admit(other, 5), TypeError)
    scheduler.close(other, new Error('gone'))
    scheduler.close(other, new Error('gone twice'))
    await assert.rejects(waiting, /^Error: gone$/)
    scheduler.tick(1_000)
    assert.equal(scheduler.tryAdmit(lane, 10), true)
  })

  it('gives no more than two seconds\' worth after a stall', () => {
    const scheduler = new TrafficScheduler(100)
    const lane = scheduler.open()
    scheduler.tryAdmit(lane, 100)
    scheduler.tick(60_000)
    for (let i = 0; i < 20; i++) assert.equal(scheduler.tryAdmit(lane, 10), true)
    assert.equal(scheduler.tryAdmit(lane, 10), false)
  })

  it('keeps its limit over any traffic', () => {
    fc.assert(fc.property(fc.integer({ min: 100, max: 10_000 }), fc.array(fc.array(fc.nat(500), { maxLength: 20 }), { minLength: 3, maxLength: 20 }), (limit, seconds) => {
      const scheduler = new TrafficScheduler(limit)
      const lanes = Array.from({ length: 4 }, () => scheduler.open())
      for (const wants of seconds) {
        for (const [i, bytes] of wants.entries()) {
          const lane = lanes[i % lanes.length]
          if (lane !== undefined && lane.waitingBytes === undefined && !scheduler.tryAdmit(lane, bytes)) scheduler.admit(lane, bytes).catch(() => {})
        }
        scheduler.tick(1_000)
      }
      assert.ok(scheduler.average.totalBytes <= limit * (seconds.length + 1) + 500)
    }))
  })
})
