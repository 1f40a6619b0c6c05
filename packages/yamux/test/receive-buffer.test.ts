import assert from 'node:assert/strict'
import fc from 'fast-check'
import { RECEIVE_OVERHEAD_BYTES, ReceiveBuffer } from '../src/receive-buffer.ts'

const WINDOW = 262_144

/** A piece of a buffer of its own. */
function piece (bytes: number, ofBytes: number, fill: number = 1): Uint8Array {
  return Buffer.from(new Uint8Array(ofBytes).fill(fill).buffer, 0, bytes) // the runtime reads into such ones, whose slice is no copy
}

function drain (buffer: ReceiveBuffer): Buffer {
  const out: Uint8Array[] = []
  for (let chunk = buffer.shift(); chunk !== undefined; chunk = buffer.shift()) out.push(chunk)
  return Buffer.concat(out)
}

describe('ReceiveBuffer', () => {
  it('gives back the bytes in their order, whatever their sizes and however they are read between', () => {
    const step = fc.oneof(fc.record({ bytes: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 6_000 })), of: fc.integer({ min: 6_000, max: 200_000 }) }), fc.constantFrom('read' as const, 'settle' as const))
    fc.assert(fc.property(fc.array(step, { maxLength: 80 }), steps => {
      const buffer = new ReceiveBuffer()
      let next = 0
      const sent: number[] = []
      const got: number[] = []
      for (const each of steps) {
        if (each === 'settle') {
          buffer.settle()
        } else if (each === 'read') {
          const chunk = buffer.shift()
          assert.equal(chunk === undefined, got.length === sent.length)
          if (chunk !== undefined) got.push(...chunk)
        } else {
          const bytes = piece(each.bytes, each.of)
          for (let i = 0; i < bytes.length; i++) bytes[i] = next++ % 251
          sent.push(...bytes)
          buffer.push(bytes)
        }
        assert.equal(buffer.empty, got.length === sent.length)
        assert(buffer.pinnedBytes >= 0)
      }
      got.push(...drain(buffer))
      assert.deepEqual(got, sent)
      assert.deepEqual([buffer.empty, buffer.pinnedBytes], [true, 0])
    }), { numRuns: 200 })
  })

  it('keeps pieces as they lie until it is settled, so that a reader that takes them at once costs no copy', () => {
    const buffer = new ReceiveBuffer()
    const behind = new Uint8Array(65_536)
    const pieces = [0, 1, 2, 3].map(i => behind.subarray(i * 16_384 + 12, (i + 1) * 16_384))
    for (const each of pieces) buffer.push(each)
    assert.equal(buffer.shift(), pieces[0])
    assert.equal(buffer.shift(), pieces[1])
    assert.equal(buffer.unsettled, true)
    buffer.settle()
    assert.deepEqual([buffer.unsettled, buffer.pinnedBytes], [false, 2 * 16_372])
    assert.deepEqual(buffer.shift(), pieces[2])
  })

  it('copies from the buffers that hold most else', () => {
    const buffer = new ReceiveBuffer()
    const whole = piece(65_000, 65_536)
    const rest = piece(10_000, 65_536)
    buffer.push(whole)
    buffer.push(rest)
    buffer.settle()
    assert.equal(buffer.pinnedBytes, 65_536 + 10_000)
    assert.equal(buffer.shift(), whole)
    assert.notEqual(buffer.shift(), rest)
  })

  it('keeps a large piece as it lies, and copies no bytes', () => {
    const buffer = new ReceiveBuffer()
    const bytes = piece(65_000, 65_536)
    buffer.push(bytes)
    assert.equal(buffer.shift(), bytes)
  })

  it('does not keep a buffer alive for each byte of a window', () => {
    const buffer = new ReceiveBuffer()
    for (let i = 0; i < 5_000; i++) buffer.push(piece(1, 65_536, i))
    buffer.settle()
    assert(buffer.pinnedBytes <= 5_000 + RECEIVE_OVERHEAD_BYTES, `${buffer.pinnedBytes} bytes are held for 5,000`)
    const read = drain(buffer)
    assert.equal(read.length, 5_000)
    assert(read.every((byte, i) => byte === i % 256))
  })

  it('holds little more than the bytes themselves, whatever comes', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 70_000 })), fc.integer({ min: 1, max: 20 })), { minLength: 1, maxLength: 100 }), pieces => {
      const buffer = new ReceiveBuffer()
      let heldBytes = 0
      for (const [bytes, times] of pieces) {
        if (heldBytes + bytes > WINDOW) break
        heldBytes += bytes
        buffer.push(piece(bytes, bytes * times))
      }
      buffer.settle()
      assert(buffer.pinnedBytes <= heldBytes + RECEIVE_OVERHEAD_BYTES, `${buffer.pinnedBytes} for ${heldBytes}`)
    }))
  })

  it('loses nothing and holds little more than what is unread, when pieces share buffers and are read now and then', () => {
    const step = fc.oneof(fc.record({ bytes: fc.oneof(fc.integer({ min: 1, max: 15_000 }), fc.integer({ min: 49_000, max: 51_000 })), fresh: fc.boolean() }), fc.constantFrom('read' as const, 'settle' as const))
    fc.assert(fc.property(fc.array(step, { maxLength: 100 }), steps => {
      const buffer = new ReceiveBuffer()
      let behind = new ArrayBuffer(65_536) // what the layer below has read
      let at = 0
      let heldBytes = 0
      const sent: Uint8Array[] = []
      const got: Uint8Array[] = []
      for (const each of steps) {
        if (each === 'read') {
          const chunk = buffer.shift() ?? new Uint8Array(0)
          got.push(Uint8Array.from(chunk))
          heldBytes -= chunk.byteLength
        } else if (each !== 'settle') {
          if (each.fresh || at + each.bytes > behind.byteLength) {
            behind = new ArrayBuffer(Math.max(65_536, each.bytes))
            at = 0
          }
          const bytes = new Uint8Array(behind, at, each.bytes).fill(sent.length + 1)
          at += each.bytes
          sent.push(bytes)
          heldBytes += each.bytes
          buffer.push(bytes)
        }
        if (each !== 'settle') continue
        buffer.settle()
        assert(buffer.pinnedBytes <= heldBytes + RECEIVE_OVERHEAD_BYTES, `${buffer.pinnedBytes} for ${heldBytes}`)
      }
      assert(Buffer.concat([...got, drain(buffer)]).equals(Buffer.concat(sent)))
    }), { numRuns: 500 })
  })

  it('takes what comes after the first of several pieces in one buffer was read', () => {
    const buffer = new ReceiveBuffer()
    const behind = new Uint8Array(65_536)
    buffer.push(behind.subarray(0, 50_000))
    buffer.push(behind.subarray(50_000, 65_000))
    buffer.shift()
    buffer.push(new Uint8Array(17_312))
    assert.equal(drain(buffer).length, 32_312)
  })

  it('forgets everything when it is cleared', () => {
    const buffer = new ReceiveBuffer()
    for (let i = 0; i < 10; i++) buffer.push(piece(10, 100_000))
    buffer.clear()
    assert.deepEqual([buffer.empty, buffer.pinnedBytes, buffer.shift()], [true, 0, undefined])
  })
})
