import assert from 'node:assert/strict'
import { Uint8ArrayList } from 'uint8arraylist'
import fc from 'fast-check'
import { BatchedConn } from '../src/batched-conn.ts'
import { settled } from './hand-clock.ts'
import { HandConn } from './hand-conn.ts'

describe('BatchedConn', () => {
  it('sends the small writes of one turn together', async () => {
    const hand = new HandConn()
    const conn = new BatchedConn(hand)
    await Promise.resolve() // as after every read
    for (const s of ['a', 'b', 'c']) assert.equal(conn.write(Buffer.from(s)), true)
    assert.equal(hand.written.length, 0)
    await Promise.resolve()
    conn.write(new Uint8ArrayList(Buffer.from('d'), Buffer.from('e')))
    await settled()
    assert.deepEqual(hand.written.map(chunk => Buffer.from(chunk).toString()), ['abcde'])
  })

  it('leaves the bytes to who wrote them', async () => {
    const hand = new HandConn()
    const conn = new BatchedConn(hand)
    const bytes = Buffer.from('mine')
    conn.write(bytes)
    bytes.fill(0)
    await settled()
    assert.equal(hand.bytes.toString(), 'mine')
  })

  it('sends a large write at once, with what was collected in front of it', () => {
    const hand = new HandConn()
    const conn = new BatchedConn(hand)
    conn.write(Buffer.from('header'))
    conn.write(Buffer.alloc(5_000, 'x'))
    assert.equal(hand.written.length, 1)
    assert.equal(hand.bytes.toString(), `header${'x'.repeat(5_000)}`)
  })

  it('collects more than it has room for at once', async () => {
    const hand = new HandConn()
    const conn = new BatchedConn(hand)
    const sent = Array.from({ length: 100 }, (_, i) => Buffer.alloc(1_000, i))
    for (const data of sent) conn.write(data)
    await settled()
    assert.deepEqual(hand.bytes, Buffer.concat(sent))
    assert.equal(hand.written.length, 50, 'two of them fit into 2,048 bytes')
  })

  it('keeps every byte and their order', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.nat(30), fc.nat(2_100), fc.nat(40_000)), { maxLength: 60 }), async sizes => {
      const hand = new HandConn()
      const conn = new BatchedConn(hand)
      const sent: Buffer[] = []
      for (const [i, size] of sizes.entries()) {
        sent.push(Buffer.alloc(size, i))
        conn.write(Buffer.alloc(size, i))
        if (size % 7 === 0) await settled()
      }
      await settled()
      assert.deepEqual(hand.bytes, Buffer.concat(sent))
    }), { numRuns: 30 })
  })

  it('says when there is no room, and when there is again', async () => {
    const hand = new HandConn()
    const conn = new BatchedConn(hand)
    hand.room = false
    assert.equal(conn.write(Buffer.from('a')), true, 'nobody knows yet')
    await settled()
    assert.equal(conn.write(Buffer.from('b')), false)
    const drained = conn.drained()
    assert.equal(hand.bytes.toString(), 'ab')
    hand.drain()
    await drained
    assert.equal(conn.write(Buffer.from('c')), true)
    await settled()
    await conn.drained()

    hand.room = false
    conn.write(Buffer.alloc(3_000))
    hand.drain()
    await settled()
    assert.equal(conn.write(Buffer.from('d')), true, 'it is noticed without asking')
  })

  it('sends what was collected before it closes, and nothing after', async () => {
    const hand = new HandConn()
    const conn = new BatchedConn(hand)
    conn.write(Buffer.from('bye'))
    await conn.close()
    assert.equal(hand.bytes.toString(), 'bye')
    assert.equal(hand.closed, true)
    assert.equal(conn.write(Buffer.from('late')), false)
    await settled()
    assert.equal(hand.bytes.toString(), 'bye')
  })

  it('ends at once when it is aborted, and says why', async () => {
    const hand = new HandConn()
    const conn = new BatchedConn(hand)
    conn.write(Buffer.from('never'))
    const cause = new Error('enough')
    conn.abort(cause)
    await settled()
    assert.equal(hand.bytes.length, 0)
    assert.equal(conn.write(Buffer.from('late')), false)
    await assert.rejects(conn.drained(), cause)
    await assert.rejects(conn.read(), cause)
  })

  it('tells who waits for room that the connection has ended', async () => {
    const hand = new HandConn()
    const conn = new BatchedConn(hand)
    hand.room = false
    conn.write(Buffer.alloc(3_000))
    const waiting = conn.drained()
    const cause = new Error('broken')
    hand.abort(cause)
    await assert.rejects(waiting, cause)
    await assert.rejects(conn.drained(), cause)
  })
})
