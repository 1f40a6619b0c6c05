import assert from 'node:assert/strict'
import fc from 'fast-check'
import { bytes, decode, encode, list, string, struct, uint16, variableBytes, empty } from '../src/index.ts'
import { BoxSplitter } from '../src/box-splitter.ts'
import { MessageDecoder } from '../src/message-decoder.ts'
import { hex, unhex } from './cryptos.ts'

/** The bytes, cut where the numbers say. */
function cutUp (whole: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map(cut => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length]
  return places.slice(1).map((end, i) => new Uint8Array(whole.subarray(places[i], end)))
}

const anyCuts = fc.array(fc.nat(10_000), { maxLength: 30 })

describe('BoxSplitter', () => {
  it('gives the same boxes wherever the bytes are cut', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ minLength: 16, maxLength: 60 }), { maxLength: 10 }), anyCuts, (boxes, cuts) => {
      const wire = Buffer.concat(boxes.flatMap(box => [Buffer.from([box.length >> 8, box.length & 0xff]), box]))
      const splitter = new BoxSplitter()
      const got: string[] = []
      for (const part of cutUp(wire, cuts)) {
        splitter.push(part)
        for (let box = splitter.next(); box !== undefined; box = splitter.next()) got.push(hex(box))
      }
      assert.deepEqual(got, boxes.map(hex))
    }))
  })

  it('does not copy what lies whole in what it was given', () => {
    const splitter = new BoxSplitter()
    const part = Buffer.concat([unhex('0010'), Buffer.alloc(16)])
    splitter.push(part)
    assert.equal(splitter.next()?.buffer, part.buffer)
    assert.equal(splitter.isLent, false)
    assert.equal(splitter.next(), undefined)
  })

  it('puts what does not together in one buffer, again and again, and lets go of it in the end', () => {
    const lengths = [500, 300, 400]
    const wire = Buffer.concat(lengths.flatMap(length => [Buffer.from([length >> 8, length & 0xff]), Buffer.alloc(length)]))
    const splitter = new BoxSplitter()
    const boxes: Uint8Array[] = []
    for (const part of [wire.subarray(0, 100), wire.subarray(100, 600), wire.subarray(600, 1_000), wire.subarray(1_000), wire.subarray(0, 100), wire.subarray(100, 502)]) {
      splitter.push(part)
      for (let box = splitter.next(); box !== undefined; box = splitter.next()) {
        assert.equal(splitter.isLent, true)
        boxes.push(box)
      }
    }
    assert.deepEqual(boxes.map(({ length }) => length), [...lengths, 500])
    assert.deepEqual(boxes.map(({ buffer }) => buffer === boxes[0]?.buffer), [true, true, true, false])
  })

  it('refuses a length below that of a tag', () => {
    const splitter = new BoxSplitter()
    splitter.push(unhex('000f'))
    assert.throws(() => splitter.next(), { code: 'P2P_INVALID_INCOMING_CIPHERTEXT_SIZE', sizeBytes: 15 })
  })
})

describe('MessageDecoder', () => {
  const encoding = struct<{ name: string, list: number[], body: Uint8Array }>({ name: string(), list: list(uint16, { maxLength: 9 }), body: bytes() })
  const anyMessage = fc.record({
    name: fc.string({ maxLength: 5 }), list: fc.array(fc.nat(0xffff), { maxLength: 9 }), body: fc.uint8Array({ maxLength: 400 })
  }, { noNullPrototype: true })

  it('gives the same messages wherever the bytes are cut and however they are added, with their sizes', () => {
    fc.assert(fc.property(fc.array(anyMessage, { maxLength: 8 }), anyCuts, fc.infiniteStream(fc.boolean()), (messages, cuts, isPushed) => {
      const encoded = messages.map(message => encode(encoding, message))
      const decoder = new MessageDecoder(encoding, 10_000)
      const got: unknown[] = []
      for (const part of cutUp(Buffer.concat(encoded), cuts)) {
        if (isPushed.next().value === true) {
          decoder.push(part)
        } else {
          decoder.room(part.length).set(part)
          decoder.added(part.length)
        }
        for (let each = decoder.next(); each !== undefined; each = decoder.next()) got.push(each)
      }
      assert.deepEqual(got, messages.map((message, i) => ({ sizeBytes: encoded[i]?.length, message })))
      assert.equal(decoder.heldBytes, 0)
    }))
  })

  it('holds what it was sent and no more, whatever a header promises, in pieces of one byte too', () => {
    const decoder = new MessageDecoder(bytes(), 2 ** 30)
    decoder.push(unhex('06000000'))
    assert.equal(decoder.next(), undefined)
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 100_000; i++) {
      decoder.push(Uint8Array.of(1))
      assert.equal(decoder.next(), undefined)
    }
    assert.equal(decoder.heldBytes, 100_004)
    assert.ok(process.memoryUsage().arrayBuffers - before < 10_000_000)
  })

  it('keeps nothing of a large buffer for the sake of a small rest', () => {
    const decoder = new MessageDecoder(bytes(), 1_000)
    const large = new Uint8Array(65_536)
    decoder.push(large.subarray(0, 3))
    assert.equal(decoder.next(), undefined)
    large.fill(0xff) // the rest was copied: it does not change
    decoder.push(unhex('01aa'))
    assert.deepEqual(decoder.next(), { sizeBytes: 5, message: unhex('aa') })
  })

  it('keeps nothing of a large buffer of its own either', () => {
    const decoder = new MessageDecoder(bytes(), 100_000)
    const whole = Buffer.concat([unhex('0000ea60'), Buffer.alloc(60_000), unhex('000000')])
    const place = decoder.room(whole.length)
    place.set(whole)
    decoder.added(whole.length)
    assert.equal(decoder.next()?.sizeBytes, 60_004)
    assert.equal(decoder.next(), undefined)
    assert.notEqual(decoder.room(1).buffer, place.buffer)
    assert(decoder.room(1).buffer.byteLength < 1_000)
  })

  it('makes room for a message like the last one at once', () => {
    const decoder = new MessageDecoder(bytes(), 100_000)
    const message = encode(bytes(), new Uint8Array(65_536))
    const add = (part: Uint8Array): Uint8Array => {
      const place = decoder.room(part.length)
      place.set(part)
      decoder.added(part.length)
      return place
    }
    for (let round = 0; round < 3; round++) {
      const first = add(message.subarray(0, 65_517))
      assert.equal(decoder.next(), undefined)
      const second = add(message.subarray(65_517))
      assert.equal(decoder.next()?.message.length, 65_536)
      assert.equal(first.buffer === second.buffer, round > 0)
      assert.equal(decoder.next(), undefined)
    }
  })

  it('refuses a message that is too large when its length is there', () => {
    const decoder = new MessageDecoder(bytes(), 100)
    decoder.push(unhex('00000060'))
    assert.equal(decoder.next(), undefined)
    const other = new MessageDecoder(bytes(), 100)
    other.push(unhex('00000061'))
    assert.throws(() => other.next(), { code: 'P2P_DECODING', fault: 'size-limit-exceeded' })
  })

  it('takes only messages that tell their own size and have one', () => {
    assert.throws(() => new MessageDecoder(variableBytes, 100), TypeError)
    assert.throws(() => new MessageDecoder(empty, 100), TypeError)
    assert.deepEqual(decode(uint16, unhex('0001')), 1)
  })
})
