import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { SwarmTimeoutError } from '../src/errors.ts'
import { TaskSignals } from '../src/task-signals.ts'

describe('TaskSignals', () => {
  it('ends a task with its timeout, which names it', () => {
    const clock = new ManualClock()
    using task = new TaskSignals(clock).open('accepting', 50)
    clock.advance(49)
    assert.equal(task.signal.aborted, false)
    clock.advance(1)
    assert(SwarmTimeoutError.is(task.signal.reason))
    assert.match(task.signal.reason.message, /accepting timed out after 50 ms/)
  })

  it('ends a task with a signal that it follows, also one that was aborted before', () => {
    const signals = new TaskSignals(new ManualClock())
    const abort = new AbortController()
    using task = signals.open('x', 50, undefined, abort.signal)
    abort.abort('later')
    assert.equal(task.signal.reason, 'later')
    using second = signals.open('x', 50, abort.signal)
    assert.equal(second.signal.reason, 'later')
  })

  it('ends all at once, and leaves nothing behind', () => {
    const clock = new ManualClock()
    const signals = new TaskSignals(clock)
    const tasks = [signals.open('a', 50), signals.open('b', 50)]
    const reason = new Error('closed')
    signals.abortAll(reason)
    assert.deepEqual(tasks.map(({ signal }) => signal.reason), [reason, reason])
    for (const task of tasks) task[Symbol.dispose]()
    assert.equal(clock.pendingTimers, 0)
    assert.equal(signals.size, 0)
  })
})
