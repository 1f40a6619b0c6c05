import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { SwarmTimeoutError } from '../src/errors.ts'
import { SharedDial } from '../src/shared-dial.ts'
import type { SwarmConn } from '../src/swarm-conn.ts'

const CONN = {} as SwarmConn

function start (): { clock: ManualClock, dial: SharedDial, result: PromiseWithResolvers<SwarmConn>, reasons: unknown[] } {
  const clock = new ManualClock()
  const result = Promise.withResolvers<SwarmConn>()
  const reasons: unknown[] = []
  const dial = new SharedDial(clock, signal => {
    signal.addEventListener('abort', () => {
      reasons.push(signal.reason)
      result.reject(new Error('aborted', { cause: signal.reason }))
    })
    return result.promise
  })
  return { clock, dial, result, reasons }
}

describe('SharedDial', () => {
  it('gives all callers the same connection', async () => {
    const { clock, dial, result } = start()
    const callers = [dial.join({}), dial.join({}), dial.join({})]
    result.resolve(CONN)
    assert.deepEqual(await Promise.all(callers), [CONN, CONN, CONN])
    assert.equal(clock.pendingTimers, 0)
  })

  it('lets a caller leave by its signal without hurting the others', async () => {
    const { dial, result, reasons } = start()
    const abort = new AbortController()
    const leaver = dial.join({ signal: abort.signal })
    const stayer = dial.join({})
    const reason = new Error('changed my mind')
    abort.abort(reason)
    await assert.rejects(leaver, reason)
    assert.deepEqual(reasons, [])
    result.resolve(CONN)
    assert.equal(await stayer, CONN)
  })

  it('is aborted when the last caller leaves', async () => {
    const { dial, reasons } = start()
    const aborts = [new AbortController(), new AbortController()]
    const callers = aborts.map(({ signal }) => dial.join({ signal }))
    for (const abort of aborts) abort.abort(new Error('gone'))
    for (const caller of callers) await assert.rejects(caller, /gone/)
    assert.equal(reasons.length, 1)
    assert.equal(dial.aborted, true)
  })

  it('counts each caller\'s own timeout; the last gets the end of the dial itself', async () => {
    const { clock, dial, reasons } = start()
    const first = dial.join({ dialPeerTimeoutMs: 10 })
    const last = dial.join({ dialPeerTimeoutMs: 20 })
    await Promise.all([assert.rejects(first, SwarmTimeoutError.is), clock.advanceAsync(10)])
    assert.deepEqual(reasons, [])
    await Promise.all([assert.rejects(last, (error: Error) => error.message === 'aborted' && SwarmTimeoutError.is(error.cause)), clock.advanceAsync(10)])
    assert.equal(clock.pendingTimers, 0)
  })

  it('is aborted when all callers\' time is up in one turn', async () => {
    const { clock, dial, reasons } = start()
    const callers = [dial.join({ dialPeerTimeoutMs: 10 }), dial.join({ dialPeerTimeoutMs: 10 })]
    await Promise.all([...callers.map(async caller => { await assert.rejects(caller) }), clock.advanceAsync(10)])
    assert.equal(reasons.length, 1)
  })

  it('does not start to wait for a caller who has left already', async () => {
    const { dial, reasons } = start()
    await assert.rejects(dial.join({ signal: AbortSignal.abort(new Error('before')) }), /before/)
    assert.deepEqual(reasons, [])
  })
})
