import assert from 'node:assert/strict'
import { AckBacklog } from '../src/ack-backlog.ts'

describe('AckBacklog', () => {
  it('has so many places, and gives those that come back to who waits longest', async () => {
    const backlog = new AckBacklog(2)
    assert.deepEqual([backlog.tryEnter(), backlog.tryEnter(), backlog.tryEnter()], [true, true, false])
    const order: number[] = []
    const waiting = [1, 2, 3].map(async n => { await backlog.enter(undefined); order.push(n) })
    for (let i = 0; i < 3; i++) backlog.leave()
    await Promise.all(waiting)
    assert.deepEqual([order, backlog.taken], [[1, 2, 3], 2])
    backlog.leave()
    backlog.leave()
    assert.equal(backlog.taken, 0)
  })

  it('lets nobody pass those who wait', async () => {
    const backlog = new AckBacklog(1)
    backlog.tryEnter()
    const waiting = backlog.enter(undefined)
    assert.equal(backlog.tryEnter(), false)
    backlog.leave()
    await waiting
  })

  it('forgets those who give up, and hears nothing more of their signals', async () => {
    const backlog = new AckBacklog(1)
    backlog.tryEnter()
    const controller = new AbortController()
    const givenUp = assert.rejects(backlog.enter(controller.signal), /no more/)
    const next = backlog.enter(undefined)
    controller.abort(new Error('no more'))
    await givenUp
    backlog.leave()
    await next
    assert.equal(backlog.taken, 1)
  })

  it('sends all away at its end', async () => {
    const backlog = new AckBacklog(1)
    backlog.tryEnter()
    const waiting = [1, 2].map(() => assert.rejects(backlog.enter(undefined), /the end/))
    backlog.end(new Error('the end'))
    await Promise.all(waiting)
  })
})
