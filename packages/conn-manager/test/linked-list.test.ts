import assert from 'node:assert/strict'
import fc from 'fast-check'
import { LinkedList, ListNode } from '../src/linked-list.ts'

class Item extends ListNode<Item> {
  readonly id: number
  constructor (id: number) {
    super()
    this.id = id
  }
}

describe('LinkedList', () => {
  it('is an array with an append that moves and a delete', () => {
    fc.assert(fc.property(fc.array(fc.record({ append: fc.boolean(), id: fc.nat(5) })), steps => {
      const list = new LinkedList<Item>()
      const items = Array.from({ length: 6 }, (_, id) => new Item(id))
      let model: number[] = []
      for (const { append, id } of steps) {
        const item = items[id] as Item
        const was = model.includes(id)
        model = model.filter(each => each !== id)
        if (append) {
          list.append(item)
          model.push(id)
        } else assert.equal(list.delete(item), was)
        assert.deepEqual([Array.from(list, each => each.id), list.size, list.first?.id], [model, model.length, model[0]])
      }
    }))
  })

  it('lets what was just given out be deleted', () => {
    const list = new LinkedList<Item>()
    for (let id = 0; id < 4; id++) list.append(new Item(id))
    const seen: number[] = []
    for (const item of list) {
      seen.push(item.id)
      list.delete(item)
    }
    assert.deepEqual([seen, list.size], [[0, 1, 2, 3], 0])
  })

  it('deletes nothing of another list', () => {
    const [a, b, item] = [new LinkedList<Item>(), new LinkedList<Item>(), new Item(1)]
    a.append(item)
    assert.equal(b.delete(item), false)
    assert.equal(a.size, 1)
    item.list?.delete(item)
    b.append(item)
    assert.deepEqual([a.size, b.size], [0, 1])
  })
})
