import assert from 'node:assert/strict'
import { assertNoTimers, ManualClock, turn } from '@weir/compliance'
import { RunningHandlers } from '../src/running-handlers.ts'

describe('RunningHandlers', () => {
  it('waits for those that run', async () => {
    const [handlers, clock, going] = [new RunningHandlers(), new ManualClock(), Promise.withResolvers<void>()]
    const running = handlers.run(async () => { await going.promise })
    let settled = false
    const waiting = handlers.settled(clock, 1_000).then(left => {
      settled = true
      return left
    })
    await turn()
    assert.equal(settled, false)
    going.resolve()
    assert.equal(await waiting, 0)
    await running
    assertNoTimers(clock)
  })

  it('waits for none when none runs, and no longer than it may', async () => {
    const [handlers, clock] = [new RunningHandlers(), new ManualClock()]
    assert.equal(await handlers.settled(clock, 1_000), 0)
    void handlers.run(async () => await new Promise(() => {}))
    const waiting = handlers.settled(clock, 1_000)
    await clock.advanceAsync(1_000)
    assert.equal(await waiting, 1)
    assertNoTimers(clock)
  })

  it('does not wait for the one that asks, however many do, and however deep in it', async () => {
    const [handlers, clock] = [new RunningHandlers(), new ManualClock()]
    const closing = Promise.withResolvers<number>()
    let asked = 0
    const handler = async (): Promise<void> => {
      await turn()
      handlers.exceptCaller()
      asked++
      if (asked === 1) closing.resolve(handlers.settled(clock, 1_000))
      await closing.promise
    }
    await Promise.all([handlers.run(handler), handlers.run(handler), handlers.run(async () => { await turn() })])
    assert.equal(handlers.size, 0)
    assertNoTimers(clock)
  })

  it('forgets one that throws, and passes it on', async () => {
    const handlers = new RunningHandlers()
    await assert.rejects(handlers.run(async () => { throw new Error('mine') }), /mine/)
    assert.equal(handlers.size, 0)
    handlers.exceptCaller()
  })

  it('a part waits for its own, the whole for those of all parts, and who asks a part is still waited for by the whole', async () => {
    const [whole, clock, going] = [new RunningHandlers(), new ManualClock(), Promise.withResolvers<void>()]
    const [one, other] = [new RunningHandlers(whole), new RunningHandlers(whole)]
    const running = one.run(async () => {
      other.exceptCaller() // not its own
      assert.equal(one.size, 1)
      one.exceptCaller()
      assert.deepEqual([one.size, whole.size], [0, 1])
      await going.promise
      whole.exceptCaller()
      assert.equal(whole.size, 0)
    })
    assert.equal(await other.settled(clock, 1_000), 0)
    const settled = whole.settled(clock, 1_000)
    going.resolve()
    assert.equal(await settled, 0)
    await running
    const last = one.run(async () => {
      whole.exceptCaller()
      assert.deepEqual([one.size, whole.size], [0, 0], 'who closes the whole is waited for by no part')
    })
    await last
    assertNoTimers(clock)
  })
})
