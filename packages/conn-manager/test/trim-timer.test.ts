import assert from 'node:assert/strict'
import { ConnHouse, newPeer } from './conn-house.ts'

describe('the manager\'s own trims', () => {
  it('begin at the high mark, and no sooner than the silence after the start', async () => {
    await using house = new ConnHouse({ lowWater: 10, highWater: 20, silencePeriodMs: 10_000 })
    house.connectMany(19)
    assert.equal(house.clock.pendingTimers, 0, 'below the high mark there is no timer')
    house.connect(newPeer())
    await house.clock.advanceAsync(9_999)
    assert.equal(house.closed.length, 0)
    await house.clock.advanceAsync(1)
    assert.equal(house.open.size, 10)
    assert.equal(house.clock.pendingTimers, 0)
  })

  it('keep silent for a while after a trim', async () => {
    await using house = new ConnHouse({ lowWater: 10, highWater: 20, silencePeriodMs: 10_000 })
    house.clock.advance(60_000)
    house.connectMany(20)
    await house.clock.advanceAsync(0)
    assert.equal(house.open.size, 10, 'the last one was long ago')
    house.connectMany(10)
    await house.clock.advanceAsync(9_999)
    assert.equal(house.open.size, 20)
    await house.clock.advanceAsync(1)
    assert.equal(house.open.size, 10)
  })

  it('keep silent after one that was asked for, which does not wait itself; and are shown as the last (fault 13)', async () => {
    await using house = new ConnHouse({ lowWater: 10, highWater: 20, silencePeriodMs: 10_000 })
    house.connectMany(20)
    await house.clock.advanceAsync(9_000)
    await house.manager.trimOpenConns()
    assert.equal(house.open.size, 10)
    house.connectMany(10)
    await house.clock.advanceAsync(9_999)
    assert.equal(house.open.size, 20)
    await house.clock.advanceAsync(1)
    assert.equal(house.open.size, 10)
    assert.deepEqual([house.manager.info().lastTrimMs, house.manager.info().numTrims], [house.clock.wallMs(), 2])
  })

  it('try again while there are too many in grace', async () => {
    await using house = new ConnHouse({ lowWater: 10, highWater: 20, silencePeriodMs: 10_000, gracePeriodMs: 25_000 })
    house.connectMany(20)
    await house.clock.advanceAsync(20_000)
    assert.equal(house.closed.length, 0)
    await house.clock.advanceAsync(10_000)
    assert.equal(house.open.size, 10)
    assert.equal(house.manager.info().numTrims, 3)
  })

  it('are one with a trim that is running (fault 13)', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 2, silencePeriodMs: 1_000, closeTimeoutMs: 60_000 })
    house.connectMany(4, { closing: new Promise(() => {}) })
    const trim = house.manager.trimOpenConns()
    assert.equal(house.closed.length, 3)
    house.connectMany(4)
    await house.clock.advanceAsync(5_000)
    assert.equal(house.manager.info().numTrims, 1)
    await house.clock.advanceAsync(55_000)
    await trim
    await house.clock.advanceAsync(1_000)
    assert.equal(house.open.size, 1)
  })

  for (const [gracePeriodMs, expectedMs] of [[50_000, 25_000], [0, 1_000]] as const) {
    it(`without a silence keep ${expectedMs} ms with a grace of ${gracePeriodMs}`, async () => {
      await using house = new ConnHouse({ lowWater: 1, highWater: 2, gracePeriodMs })
      house.connectMany(2)
      await house.clock.advanceAsync(expectedMs - 1)
      assert.equal(house.manager.info().numTrims, 0)
      await house.clock.advanceAsync(1)
      assert.equal(house.manager.info().numTrims, 1)
    })
  }

  it('never come with a mark of 0', async () => {
    for (const marks of [{ lowWater: 0, highWater: 2 }, { lowWater: 2, highWater: 0 }]) {
      await using house = new ConnHouse(marks)
      house.connectMany(10)
      assert.equal(house.clock.pendingTimers, 0)
    }
  })

  it('end with the manager', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 2 })
    house.connectMany(3)
    await house.manager.close()
    house.connectMany(3)
    await house.clock.advanceAsync(60_000)
    assert.deepEqual([house.closed, house.manager.info().numConns], [[], 6])
  })
})
