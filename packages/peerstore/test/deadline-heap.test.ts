import assert from 'node:assert/strict'
import fc from 'fast-check'
import { DeadlineHeap, heapNode } from '../src/deadline-heap.ts'

describe('DeadlineHeap', () => {
  it('always has the least time on top, whatever moves, enters and leaves', () => {
    const steps = fc.array(fc.tuple(fc.nat(30), fc.option(fc.nat(50), { nil: undefined })), { maxLength: 200, size: 'max' })
    fc.assert(fc.property(steps, steps => {
      const heap = new DeadlineHeap<number>()
      const nodes = Array.from({ length: 31 }, (_, item) => heapNode(item))
      const model = new Map<number, number>()
      for (const [item, atMs] of steps) {
        const node = nodes[item]
        assert.ok(node !== undefined)
        if (atMs === undefined) {
          heap.delete(node)
          model.delete(item)
        } else {
          heap.set(node, atMs)
          model.set(item, atMs)
        }
        assert.equal(heap.top?.atMs, model.size === 0 ? undefined : Math.min(...model.values()))
        assert.equal(heap.top === undefined ? undefined : model.get(heap.top.item), heap.top?.atMs)
      }
      const drained: number[] = []
      for (let top = heap.top; top !== undefined; top = heap.top) {
        drained.push(top.atMs)
        heap.delete(top)
      }
      assert.deepEqual(drained, [...model.values()].sort((a, b) => a - b))
    }))
  })
})
