import assert from 'node:assert/strict'
import fc from 'fast-check'
import { CostQueue } from '../src/cost-queue.ts'

class Account {
  bytes = 0
  refuses = false
  reserve (bytes: number): void {
    if (this.refuses) throw new Error('no room')
    this.bytes += bytes
  }

  release (bytes: number): void {
    this.bytes -= bytes
  }
}

const queueOf = (maxCost: number): { queue: CostQueue<string>, account: Account } => {
  const account = new Account()
  return { queue: new CostQueue<string>(maxCost, account), account }
}

describe('CostQueue', () => {
  it('takes while the sum stays below its bound, and one of any cost when it is empty', () => {
    const { queue, account } = queueOf(10)
    assert.equal(queue.tryAdd('huge', 100), true)
    assert.equal(queue.tryAdd('x', 0), false)
    assert.equal(queue.tryTake(), 'huge')
    assert.deepEqual([queue.tryAdd('a', 5), queue.tryAdd('b', 5), queue.tryAdd('c', 4)], [true, false, true])
    assert.equal(account.bytes, 9)
    assert.equal(queue.cost, 9)
    assert.deepEqual([queue.tryTake(), queue.tryTake(), queue.tryTake()], ['a', 'c', undefined])
    assert.equal(account.bytes, 0)
  })

  it('serves who waits in order, and lets nobody overtake', async () => {
    const { queue } = queueOf(10)
    queue.tryAdd('a', 9)
    const order: string[] = []
    const waiting = ['b', 'c'].map(async (name, i) => {
      await queue.add(name, i === 0 ? 9 : 1)
      order.push(name)
    })
    assert.equal(queue.tryAdd('d', 0), false)
    assert.equal(queue.tryTake(), 'a')
    await waiting[0]
    assert.deepEqual(order, ['b'])
    assert.equal(queue.tryTake(), 'b')
    await waiting[1]
    const takers = [queue.take(), queue.take(), queue.take()]
    queue.tryAdd('d', 1)
    queue.tryAdd('e', 1)
    assert.deepEqual(await Promise.all(takers), ['c', 'd', 'e'])
  })

  it('forgets who is aborted, adding or taking', async () => {
    const { queue } = queueOf(10)
    queue.tryAdd('a', 10)
    const abort = new AbortController()
    const [adding, next] = [queue.add('b', 1, abort.signal), queue.add('c', 1)]
    abort.abort(new Error('enough'))
    await assert.rejects(adding, /enough/)
    await assert.rejects(queue.add('d', 1, abort.signal), /enough/)
    queue.tryTake()
    await next
    assert.equal(await queue.take(), 'c')
    const again = new AbortController()
    const [taking, nextTaker] = [queue.take(again.signal), queue.take()]
    again.abort(new Error('enough'))
    await assert.rejects(taking, /enough/)
    await assert.rejects(queue.take(again.signal), /enough/)
    queue.tryAdd('e', 1)
    assert.equal(await nextTaker, 'e')
  })

  it('ends: gives what is left, then the cause, to who waits too', async () => {
    const { queue } = queueOf(10)
    queue.tryAdd('a', 10)
    const adding = queue.add('b', 1)
    const [forAdders, forTakers] = [new Error('to add'), new Error('to take')]
    queue.end(forAdders, forTakers)
    queue.end(new Error('again'))
    await assert.rejects(adding, forAdders)
    assert.throws(() => queue.tryAdd('c', 1), forAdders)
    assert.throws(() => { queue.addLast('c', forAdders) }, forAdders)
    assert.equal(await queue.take(), 'a')
    assert.throws(() => queue.tryTake(), forTakers)
    const empty = queueOf(10).queue
    const taking = empty.take()
    empty.end(forAdders)
    await assert.rejects(taking, forAdders)
  })

  it('adds a last one whatever the room', async () => {
    const { queue } = queueOf(10)
    queue.tryAdd('a', 10)
    const waiting = queue.add('b', 1)
    queue.addLast('z', new Error('no more'))
    await assert.rejects(waiting, /no more/)
    assert.deepEqual([queue.tryTake(), queue.tryTake()], ['a', 'z'])
  })

  it('a refusal of its ledger is thrown to whom it concerns, and nothing is added', async () => {
    const { queue, account } = queueOf(10)
    queue.tryAdd('a', 10)
    const waiting = queue.add('b', 1)
    account.refuses = true
    assert.equal(queue.tryTake(), 'a')
    await assert.rejects(waiting, /no room/)
    assert.throws(() => queue.tryAdd('c', 1), /no room/)
    assert.deepEqual([queue.length, queue.cost, account.bytes], [0, 0, 0])
  })

  it('keeps the order and the sum over any number of elements', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.nat(20), fc.constant(-1)), { maxLength: 5_000, size: 'max' }), steps => {
      const { queue, account } = queueOf(100)
      const model: Array<[string, number]> = []
      for (const [i, step] of steps.entries()) {
        if (step < 0) assert.equal(queue.tryTake(), model.shift()?.[0])
        else if (queue.tryAdd(`${i}`, step)) model.push([`${i}`, step])
        assert.equal(queue.length, model.length)
        assert.equal(account.bytes, model.reduce((sum, [, cost]) => sum + cost, 0))
      }
    }), { numRuns: 20 })
    const { queue } = queueOf(Infinity)
    for (let i = 0; i < 5_000; i++) queue.tryAdd(`${i}`, 1)
    for (let i = 0; i < 5_000; i++) assert.equal(queue.tryTake(), `${i}`)
  })
})
