import assert from 'node:assert/strict'
import { seededRandom } from '@weir/compliance'
import type { MuxedStream, Random } from '@weir/network'
import { muxedPair } from './pair.ts'
import { settled } from './settled.ts'

const SOCKET_BYTES = 65_536
const STREAM_BYTES = 2 << 20

/** What lies at this place of a stream. */
const patternAt = (at: number): number => (at ^ at >> 8 ^ at >> 16) & 255

/** As sockets give it: buffers of their own, however the writes were. */
function asSockets (bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.byteLength / SOCKET_BYTES) }, (_, i) => Uint8Array.from(bytes.subarray(i * SOCKET_BYTES, (i + 1) * SOCKET_BYTES)))
}

async function writeAll (stream: MuxedStream, random: Random, maxBytes: number): Promise<void> {
  for (let at = 0; at < STREAM_BYTES;) {
    const from = at
    const bytes = Math.min(1 + Math.floor(random() * (random() < 0.5 ? maxBytes : 3_000)), STREAM_BYTES - at)
    await stream.write(Uint8Array.from({ length: bytes }, (_, i) => patternAt(from + i)))
    at += bytes
  }
  await stream.closeWrite()
}

async function readAll (stream: MuxedStream, random: Random): Promise<void> {
  let at = 0
  for await (const bytes of stream) {
    for (let i = 0; i < bytes.byteLength; i++) if (bytes[i] !== patternAt(at + i)) assert.fail(`another byte at ${at + i}`)
    at += bytes.byteLength
    for (let turns = random() < 0.5 ? Math.floor(random() * 6) : 0; turns > 0; turns--) await settled()
  }
  assert.equal(at, STREAM_BYTES)
}

describe('slow readers', () => {
  for (const [seed, maxBytes, maxMessageSizeBytes] of [[1, 60_000, 65_519], [2, 200_000, 262_076], [3, 30_000, 16_384]] as const) {
    it(`get all that was written, in writes of up to ${maxBytes} bytes and frames of up to ${maxMessageSizeBytes}`, async () => {
      const { client, server, stream } = muxedPair({ init: { maxMessageSizeBytes }, below: { cut: asSockets, highWaterBytes: 1 << 20 } })
      const streams = []
      for (let i = 0; i < 3; i++) streams.push(await stream())
      await Promise.all(streams.flatMap(({ out, into }, i) => [[out, into], [into, out]].flatMap(([from, to], way) => {
        const random = seededRandom(seed * 1_000 + i * 2 + way)
        return [writeAll(from as MuxedStream, random, maxBytes), readAll(to as MuxedStream, random)]
      })))
      await Promise.all([client.close(), server.close()])
    })
  }
})
