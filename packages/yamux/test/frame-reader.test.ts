import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Uint8ArrayList } from 'uint8arraylist'
import { FrameReader } from '../src/frame-reader.ts'
import { data, goAway, type Parsed, parse, ping, windowUpdate } from './frames.ts'

/** What a reader finds in pieces, with the payload of each frame put together. */
function found (pieces: readonly (Uint8Array | Uint8ArrayList)[], wanted: (streamId: number) => boolean = () => true): { frames: Omit<Parsed, 'payload'>[], payloads: Buffer[], whole: number } {
  const frames: Omit<Parsed, 'payload'>[] = []
  const payloads: Buffer[] = []
  let whole = 0
  let parts: Uint8Array[] = []
  const reader = new FrameReader({
    onHeader ({ type, flags, streamId, length }) {
      frames.push({ type, flags, streamId, length })
      return wanted(streamId)
    },
    onPayload (bytes, last) {
      assert(bytes.byteLength > 0)
      parts.push(bytes)
      if (!last) return
      payloads.push(Buffer.concat(parts))
      parts = []
      whole++
    }
  })
  for (const piece of pieces) reader.feed(piece)
  return { frames, payloads, whole }
}

const TRANSCRIPT = Buffer.concat([windowUpdate(1, 77, 1), data(1, Buffer.from('hello')), data(3, new Uint8Array(0), 4), ping(9), data(0xfffffffe, Buffer.alloc(300, 7), 2), goAway(0x1006)])
const FRAMES = parse(TRANSCRIPT).map(({ type, flags, streamId, length }) => ({ type, flags, streamId, length }))
const PAYLOADS = ['hello', Buffer.alloc(300, 7).toString()]

describe('FrameReader', () => {
  it('finds the frames in one piece', () => {
    const { frames, payloads } = found([TRANSCRIPT])
    assert.deepEqual(frames, FRAMES)
    assert.deepEqual(payloads.map(String), PAYLOADS)
  })

  it('finds the same frames, cut at every byte', () => {
    for (let at = 1; at < TRANSCRIPT.length; at++) {
      const { frames, payloads } = found([TRANSCRIPT.subarray(0, at), TRANSCRIPT.subarray(at)])
      assert.deepEqual(frames, FRAMES, `cut at ${at}`)
      assert.deepEqual(payloads.map(String), PAYLOADS, `cut at ${at}`)
    }
  })

  it('finds the same frames in any pieces, lists among them', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }), fc.boolean(), (sizes, asList) => {
      const pieces: Uint8Array[] = []
      let at = 0
      for (const size of sizes) {
        pieces.push(TRANSCRIPT.subarray(at, at + size))
        at += size
      }
      pieces.push(TRANSCRIPT.subarray(Math.min(at, TRANSCRIPT.length)))
      const { frames, payloads } = found(asList ? [new Uint8ArrayList(...pieces)] : pieces)
      assert.deepEqual(frames, FRAMES)
      assert.deepEqual(payloads.map(String), PAYLOADS)
    }))
  })

  it('skips the payload that is not wanted, as it comes', () => {
    const { frames, payloads, whole } = found([...TRANSCRIPT].map(byte => Uint8Array.of(byte)), streamId => streamId !== 1)
    assert.deepEqual(frames, FRAMES)
    assert.deepEqual([payloads.map(String), whole], [PAYLOADS.slice(1), 1])
  })

  it('copies no payload', () => {
    const chunk = data(1, Buffer.alloc(100, 1))
    let seen: Uint8Array | undefined
    new FrameReader({ onHeader: () => true, onPayload: bytes => { seen = bytes } }).feed(chunk)
    assert.equal(seen?.buffer, chunk.buffer)
  })
})
