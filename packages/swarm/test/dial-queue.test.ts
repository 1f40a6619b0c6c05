import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { DialQueue } from '../src/dial-queue.ts'

const entry = (port: number, delayMs: number): { addr: ReturnType<typeof multiaddr>, delayMs: number } => ({ addr: multiaddr(`/ip4/1.2.3.4/tcp/${port}`), delayMs })
const ports = (queue: DialQueue): number[] => queue.nextBatch().map(({ addr }) => Number(addr.toString().split('/').at(-1)))

// dial_worker_test, "queue batches/updates"
describe('DialQueue', () => {
  it('gives out batches of the same delay, the earliest first', () => {
    const queue = new DialQueue()
    for (const [port, delayMs] of [[1, 100], [2, 0], [3, 100], [4, 50], [5, 0]] as const) queue.updateOrAdd(entry(port, delayMs))
    assert.equal(queue.nextDelayMs, 0)
    assert.deepEqual([ports(queue), ports(queue), ports(queue), ports(queue)], [[2, 5], [4], [1, 3], []])
    assert.equal(queue.nextDelayMs, undefined)
  })

  it('gives an address that waits another time', () => {
    const queue = new DialQueue()
    for (const [port, delayMs] of [[1, 100], [2, 200], [3, 300]] as const) queue.updateOrAdd(entry(port, delayMs))
    queue.updateOrAdd(entry(3, 0))
    queue.updateOrAdd(entry(1, 200))
    assert.equal(queue.size, 3)
    assert.deepEqual([ports(queue), ports(queue)], [[3], [2, 1]])
  })

  it('is sorted by time whatever goes in', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(20), fc.nat(5))), entries => {
      const queue = new DialQueue()
      for (const [port, delayMs] of entries) queue.updateOrAdd(entry(port, delayMs))
      const last = new Map(entries)
      assert.equal(queue.size, last.size)
      const out: [number, number][] = []
      for (let delayMs = queue.nextDelayMs; delayMs !== undefined; delayMs = queue.nextDelayMs) out.push(...ports(queue).map(port => [port, delayMs] as [number, number]))
      assert.deepEqual(out.map(([, delayMs]) => delayMs), [...last.values()].toSorted((a, b) => a - b))
      assert.deepEqual(out.toSorted(), [...last].toSorted())
    }))
  })

  it('forgets all when it is cleared', () => {
    const queue = new DialQueue()
    queue.updateOrAdd(entry(1, 0))
    queue.clear()
    assert.equal(queue.size, 0)
  })
})
