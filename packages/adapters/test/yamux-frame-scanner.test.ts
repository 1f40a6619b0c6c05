import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Uint8ArrayList } from 'uint8arraylist'
import { Flag, type YamuxHeader } from '../src/yamux-frame.ts'
import { YamuxFrameScanner } from '../src/yamux-frame-scanner.ts'
import { data, FIN, goAway, parse, ping, SYN, windowUpdate } from './frames.ts'

const flat = (chunk: Uint8Array | Uint8ArrayList): Uint8Array => chunk instanceof Uint8Array ? chunk : chunk.slice()

function recorder (change: (header: YamuxHeader) => void = () => {}): { scanner: YamuxFrameScanner, seen: YamuxHeader[] } {
  const seen: YamuxHeader[] = []
  return { seen, scanner: new YamuxFrameScanner(header => { seen.push({ ...header }); change(header) }) }
}

const anyFrame = fc.oneof(
  fc.record({ id: fc.integer({ min: 1, max: 2 ** 32 - 1 }), payload: fc.uint8Array({ maxLength: 40 }), flags: fc.constantFrom(0, 1, 2, 4, 5, 8) }).map(({ id, payload, flags }) => data(id, payload, flags)),
  fc.record({ id: fc.integer({ min: 1, max: 2 ** 32 - 1 }), length: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }).map(({ id, length }) => windowUpdate(id, length, SYN)),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(id => ping(id)),
  fc.integer({ min: 0, max: 9 }).map(code => goAway(code))
)

function cutAt (bytes: Buffer, cuts: number[]): Buffer[] {
  const ends = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...ends, bytes.length].map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end))
}

describe('YamuxFrameScanner', () => {
  it('sees every header and changes nothing, however the bytes are cut', () => {
    fc.assert(fc.property(fc.array(anyFrame, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 30 }), fc.boolean(), (frames, cuts, lists) => {
      const bytes = Buffer.concat(frames)
      const { scanner, seen } = recorder()
      const out = cutAt(bytes, cuts).map(chunk => flat(scanner.scan(lists ? new Uint8ArrayList(chunk.subarray(0, 5), chunk.subarray(5)) : chunk)))
      assert.deepEqual(Buffer.concat(out), bytes)
      assert.deepEqual(seen.map(({ type, flags, streamId, length }) => ({ type, flags, streamId, length })), parse(bytes).map(({ payload, ...header }) => header))
    }))
  })

  it('passes an end of stream on behind the data it came with, however the bytes are cut', () => {
    const bytes = Buffer.concat([data(1, Buffer.from('last words'), FIN), ping(7)])
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { scanner } = recorder(header => { if (header.type === 0) header.flags &= ~Flag.fin })
      const out = Buffer.concat([bytes.subarray(0, cut), bytes.subarray(cut)].map(chunk => flat(scanner.scan(chunk))))
      assert.deepEqual(parse(out).map(({ type, flags, streamId, payload }) => [type, flags, streamId, payload.toString()]), [[0, 0, 1, 'last words'], [1, FIN, 1, ''], [2, SYN, 0, '']], `cut at ${cut}`)
    }
  })

  it('passes a changed header on, and leaves the bytes it was given alone', () => {
    const bytes = Buffer.concat([windowUpdate(1, 500), data(1, Buffer.from('abc'))])
    const before = Buffer.from(bytes)
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { scanner } = recorder(header => { if (header.type === 1) header.length = 2 ** 32 - 2 })
      const out = Buffer.concat([bytes.subarray(0, cut), bytes.subarray(cut)].map(chunk => flat(scanner.scan(chunk))))
      assert.deepEqual(parse(out).map(({ length }) => length), [2 ** 32 - 2, 3])
      assert.deepEqual(bytes, before)
    }
  })

  it('hands untouched bytes on without copying', () => {
    const { scanner } = recorder()
    const bytes = data(1, Buffer.alloc(100))
    assert.equal(scanner.scan(bytes), bytes)
  })

  it('holds back a header that is not whole, and nothing else', () => {
    const { scanner, seen } = recorder()
    const bytes = data(1, Buffer.from('xyz'))
    assert.equal(scanner.scan(bytes.subarray(0, 11)).byteLength, 0)
    assert.equal(seen.length, 0)
    assert.equal(scanner.scan(bytes.subarray(11, 13)).byteLength, 13)
    assert.equal(seen.length, 1)
  })
})
