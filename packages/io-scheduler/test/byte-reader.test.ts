import assert from 'node:assert/strict'
import fc from 'fast-check'
import { turn, within } from '@weir/compliance'
import { handConn } from '../src/compliance.ts'
import { ByteReader, ConnectionClosedError, InvalidReadRequestError } from '../src/index.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

// The list of Octez's test_p2p_buffer_reader. reference/tezos-p2p.md 7
describe('ByteReader', () => {
  it('refuses a place that is not in the buffer', async () => {
    const reader = new ByteReader(handConn())
    for (const request of [{ lengthBytes: -1 }, { posBytes: -1 }, { posBytes: 1, lengthBytes: 10 }, { posBytes: 11 }, { lengthBytes: 11 }, { lengthBytes: 1.5 }]) {
      await assert.rejects(reader.read(new Uint8Array(10), request), InvalidReadRequestError.is)
      await assert.rejects(reader.readFull(new Uint8Array(10), request), InvalidReadRequestError.is)
    }
  })

  it('takes any place that is in it, for buffers of all sizes, and reads nothing into none', async () => {
    for (let size = 0; size < 128; size++) {
      const conn = handConn()
      const reader = new ByteReader(conn)
      conn.arrive(new Uint8Array(size + 1).fill(7))
      const buffer = new Uint8Array(size)
      for (const request of [{ posBytes: size }, { posBytes: 0, lengthBytes: 0 }]) assert.equal(await reader.read(buffer, request), 0)
      assert.equal(await reader.read(buffer), size)
      assert.deepEqual(buffer, new Uint8Array(size).fill(7))
    }
  })

  it('waits while there is nothing, until it is aborted, and loses nothing by it', async () => {
    const conn = handConn()
    const reader = new ByteReader(conn)
    const abort = new AbortController()
    const reading = reader.read(new Uint8Array(10), { signal: abort.signal })
    await turn()
    abort.abort(new Error('enough'))
    await assert.rejects(reading, /enough/)
    await assert.rejects(reader.read(new Uint8Array(10), { signal: abort.signal }), /enough/)
    conn.arrive(text('abc'))
    const buffer = new Uint8Array(3)
    assert.equal(await within(reader.read(buffer, { signal: new AbortController().signal }), 'the read'), 3)
    assert.deepEqual(buffer, text('abc'))
  })

  it('reads at least a byte and at most what was asked for, and goes on where it was', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 10 }), fc.integer({ min: 1, max: 30 }), async (parts, lengthBytes) => {
      const conn = handConn()
      const reader = new ByteReader(conn)
      const whole = Buffer.concat(parts)
      for (const part of parts) conn.arrive(Uint8Array.from(part))
      const got: Buffer[] = []
      for (let left = whole.length; left > 0;) {
        const buffer = Buffer.alloc(40)
        const read = await reader.read(buffer, { posBytes: 5, lengthBytes })
        assert.ok(read >= 1 && read <= lengthBytes)
        got.push(buffer.subarray(5, 5 + read))
        left -= read
      }
      assert.deepEqual(Buffer.concat(got), whole)
    }))
  })

  it('reads in full over several arrivals', async () => {
    const conn = handConn()
    const reader = new ByteReader(conn)
    const buffer = new Uint8Array(8)
    const reading = reader.readFull(buffer, { posBytes: 1, lengthBytes: 6 })
    for (const part of ['ab', '', 'cdef', 'gh']) {
      conn.arrive(text(part))
      await turn()
    }
    await within(reading, 'the read')
    assert.deepEqual(buffer, text('\0abcdef\0'))
    assert.deepEqual(await reader.next(), text('gh'))
  })

  it('tells the end: as nothing to who takes what comes, as an error to who wants more', async () => {
    const conn = handConn()
    const reader = new ByteReader(conn)
    conn.arrive(text('abc'))
    conn.arrive(undefined)
    conn.arrive(undefined)
    await assert.rejects(reader.readFull(new Uint8Array(4)), ConnectionClosedError.is)
    assert.equal(await reader.next(), undefined)
    conn.abort(new Error('the cable'))
    await assert.rejects(reader.next(), /the cable/)
    await assert.rejects(reader.next(), /the cable/)
  })
})
