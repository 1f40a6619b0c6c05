import type { Stream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import { drained, remoteEnd, take } from '../src/js-stream.ts'
import { COUNT_BYTES, type MuxerSession, type MuxerSide, SINK } from './muxer-side.ts'

/** A muxer of js-libp2p through its own interface: what users of js-libp2p get, without anything of ours. */
export function jsSide (factory: StreamMuxerFactory): MuxerSide {
  return {
    dialed: conn => new JsSession(factory.createStreamMuxer(conn)),
    accepted: conn => {
      factory.createStreamMuxer(conn).addEventListener('stream', ({ detail }) => { serve(detail) })
    }
  }
}

class JsSession implements MuxerSession {
  readonly #muxer: StreamMuxer
  readonly #held: Stream[] = []

  constructor (muxer: StreamMuxer) {
    this.#muxer = muxer
  }

  async echo (data: Uint8Array): Promise<void> {
    const stream = await this.#muxer.createStream()
    const answer = take(stream, data.byteLength)
    const ended = remoteEnd(stream)
    stream.send(data)
    await answer
    await stream.close()
    await ended
  }

  async send (data: Uint8Array, times: number): Promise<void> {
    const stream = await this.#muxer.createStream()
    const answer = take(stream, COUNT_BYTES)
    for (let left = times; left > 0; left--) {
      if (!stream.send(data)) await drained(stream)
    }
    await stream.close()
    const bytes = Number((await answer).readBigUInt64BE())
    if (bytes !== data.byteLength * times) throw new Error(`sent ${data.byteLength * times} bytes, ${bytes} arrived`)
  }

  async hold (count: number, data: Uint8Array): Promise<void> {
    await Promise.all(Array.from({ length: count }, async () => {
      const stream = await this.#muxer.createStream()
      this.#held.push(stream)
      const { promise, resolve } = Promise.withResolvers<void>()
      stream.addEventListener('message', () => { resolve() })
      stream.send(data)
      await promise
    }))
  }

  release (): void {
    for (const stream of this.#held.splice(0)) stream.abort(new Error('no more needed'))
  }
}

function serve (stream: Stream): void {
  let bytes = 0
  let sink = false
  stream.addEventListener('message', ({ data }) => {
    if (bytes === 0) sink = (data instanceof Uint8Array ? data[0] : data.get(0)) === SINK
    bytes += data.byteLength
    if (!sink) stream.send(data)
  })
  stream.addEventListener('remoteCloseWrite', () => {
    if (sink) {
      const count = Buffer.alloc(COUNT_BYTES)
      count.writeBigUInt64BE(BigInt(bytes))
      stream.send(count)
    }
    stream.close().catch(() => {})
  })
}
