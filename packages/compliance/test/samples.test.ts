import assert from 'node:assert/strict'
import { ConnClosedError } from '@weir/network'
import { fakeConn, sampleAddr, samplePeer, seededRandom } from '../src/index.ts'

describe('samplePeer', () => {
  it('is the same for the same number, by its text', () => {
    assert.equal(samplePeer(3).toString(), samplePeer(3).toString())
    assert.equal(new Set(Array.from({ length: 8 }, (_, index) => samplePeer(index).toString())).size, 8)
    assert.throws(() => samplePeer(8), RangeError)
  })
})

describe('sampleAddr', () => {
  it('gives 512, each in a network of its own', () => {
    assert.equal(new Set(Array.from({ length: 512 }, (_, index) => sampleAddr(index).toString().split('.').slice(0, 3).join('.'))).size, 512)
    assert.equal(sampleAddr(300).toString(), '/ip4/198.19.44.1/tcp/4001')
    for (const index of [-1, 0.5, 512]) assert.throws(() => sampleAddr(index), RangeError)
  })
})

describe('fakeConn', () => {
  it('ends once, in the turn in which it is asked to', async () => {
    const codes: number[] = []
    const conn = fakeConn({ id: '1', remotePeer: samplePeer(1), numStreams: 2, onClose: code => { codes.push(code) } })
    assert.equal(conn.isClosed(), false)
    assert.equal(conn.streams().length, 2)
    assert.deepEqual([conn.stat().numStreams, conn.stat().direction], [2, 'outbound'])
    const closing = conn.closeWithError(7)
    assert.deepEqual([conn.isClosed(), conn.streams().length, codes], [true, 0, [7]])
    await closing
    await conn.close()
    await conn[Symbol.asyncDispose]()
    assert.deepEqual(codes, [7])
    await assert.rejects(conn.newStream(), ConnClosedError.is)
  })
})

describe('seededRandom', () => {
  it('repeats, and is spread evenly enough', () => {
    const [first, second] = [seededRandom(1), seededRandom(1)]
    const counts = new Array<number>(10).fill(0)
    for (let i = 0; i < 10_000; i++) {
      const value = first()
      assert.equal(value, second())
      assert(value >= 0 && value < 1)
      counts[Math.floor(value * 10)] = (counts[Math.floor(value * 10)] ?? 0) + 1
    }
    for (const count of counts) assert(count > 850 && count < 1_150, `${count}`)
    assert.notEqual(seededRandom(2)(), seededRandom(1)())
  })
})
