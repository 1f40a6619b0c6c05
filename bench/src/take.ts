import type { MuxedStream } from '@weir/network'

/** Reads until so many bytes are there. */
export async function take (stream: MuxedStream, bytes: number): Promise<Buffer> {
  let got: Buffer = Buffer.alloc(0)
  while (got.byteLength < bytes) {
    const data = await stream.read()
    if (data === undefined) throw new Error(`the stream ended after ${got.byteLength} of ${bytes} bytes`)
    got = Buffer.concat([got, data])
  }
  return got
}
