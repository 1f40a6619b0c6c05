import assert from 'node:assert/strict'
import { ClosedStreams } from '../src/closed-streams.ts'
import { MAX_CLOSED_STREAMS } from '../src/defaults.ts'

function watched (): { closed: ClosedStreams, resets: number[], acknowledged: () => number } {
  const resets: number[] = []
  let acknowledged = 0
  return { closed: new ClosedStreams(id => { resets.push(id) }, () => { acknowledged++ }), resets, acknowledged: () => acknowledged }
}

describe('ClosedStreams', () => {
  it('counts windows down, and resets what is used up', () => {
    const { closed, resets } = watched()
    closed.add(1, 100, false)
    closed.take(1, 60)
    assert.deepEqual([closed.windowBytes(1), closed.has(1), resets], [40, true, []])
    closed.take(1, 40)
    assert.deepEqual([closed.windowBytes(1), closed.has(1), resets], [undefined, false, [1]])
  })

  it('resets at once what has no window left', () => {
    const { closed, resets } = watched()
    closed.add(1, 0, false)
    assert.deepEqual([closed.size, resets], [0, [1]])
  })

  it('keeps so many, and resets the oldest', () => {
    const { closed, resets } = watched()
    for (let id = 1; id <= MAX_CLOSED_STREAMS + 2; id++) closed.add(id, 100, false)
    assert.deepEqual([closed.size, resets], [MAX_CLOSED_STREAMS, [1, 2]])
  })

  it('tells once that a stream is acknowledged, however that comes', () => {
    const { closed, resets, acknowledged } = watched()
    for (const id of [1, 3, 5]) closed.add(id, 100, true)
    closed.add(7, 100, false)
    closed.acknowledge(1)
    closed.acknowledge(1)
    closed.delete(1)
    assert.equal(acknowledged(), 1)
    closed.delete(3)
    assert.equal(acknowledged(), 2)
    closed.take(5, 100)
    assert.equal(acknowledged(), 3)
    closed.delete(7)
    closed.delete(9)
    closed.take(9, 1)
    assert.deepEqual([acknowledged(), resets, closed.size], [3, [5], 0])
  })
})
