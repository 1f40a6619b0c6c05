import assert from 'node:assert/strict'
import type { MuxedStream } from '@weir/network'
import { seededRandom } from '../seeded-random.ts'
import { within } from '../within.ts'

/** Bytes that are not all the same, so that a swap or a gap shows. */
export function patternBytes (length: number): Uint8Array {
  const random = seededRandom(length)
  const words = new Uint32Array(Math.ceil(length / 4)).map(() => random() * 2 ** 32)
  return new Uint8Array(words.buffer, 0, length)
}

export function utf8 (text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** All bytes until the end of the stream, as one. */
export async function readAll (stream: MuxedStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for (;;) {
    const bytes = await within(stream.read(), 'the next bytes, or the end')
    if (bytes === undefined) break
    assert(bytes.byteLength > 0, 'a read gives at least one byte')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

/** So many bytes from the stream, as text. */
export async function readText (stream: MuxedStream, length: number): Promise<string> {
  let text = ''
  while (text.length < length) {
    const bytes = await within(stream.read(), `${length} bytes`)
    assert(bytes !== undefined, `the stream ended after '${text}'`)
    text += new TextDecoder('latin1').decode(bytes)
  }
  return text
}

/** A handler that sends back what comes, and then ends. */
export async function echo (stream: MuxedStream): Promise<void> {
  for await (const bytes of stream) await stream.write(bytes)
  await stream.close()
}
