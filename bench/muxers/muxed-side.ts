import { fromMessageStream } from '@weir/adapters'
import { type Multiplexer, type MuxedConn, type MuxedStream, nullScope, type PeerScope } from '@weir/network'
import { take } from '../src/take.ts'
import { COUNT_BYTES, type MuxerSession, type MuxerSide, SINK } from './muxer-side.ts'

const SCOPE: PeerScope = { ...nullScope, peer: { type: 'bench', toString: () => 'peer' } }

/** A `Multiplexer`, as the swarm uses it. */
export function muxedSide (multiplexer: Multiplexer): MuxerSide {
  return {
    dialed: conn => new MuxedSession(multiplexer.newConn(fromMessageStream(conn), false, SCOPE)),
    accepted: conn => { void acceptAll(multiplexer.newConn(fromMessageStream(conn), true, SCOPE)) }
  }
}

class MuxedSession implements MuxerSession {
  readonly #conn: MuxedConn
  readonly #held: MuxedStream[] = []

  constructor (conn: MuxedConn) {
    this.#conn = conn
  }

  async echo (data: Uint8Array): Promise<void> {
    const stream = await this.#echoed(data)
    await stream.closeWrite()
    if (await stream.read() !== undefined) throw new Error('the echo is longer than what was sent')
    await stream.close()
  }

  async send (data: Uint8Array, times: number): Promise<void> {
    const stream = await this.#conn.openStream()
    for (let left = times; left > 0; left--) await stream.write(data)
    await stream.closeWrite()
    const bytes = Number((await take(stream, COUNT_BYTES)).readBigUInt64BE())
    if (bytes !== data.byteLength * times) throw new Error(`sent ${data.byteLength * times} bytes, ${bytes} arrived`)
    await stream.close()
  }

  async hold (count: number, data: Uint8Array): Promise<void> {
    this.#held.push(...await Promise.all(Array.from({ length: count }, () => this.#echoed(data))))
  }

  release (): void {
    for (const stream of this.#held.splice(0)) stream.reset()
  }

  async #echoed (data: Uint8Array): Promise<MuxedStream> {
    const stream = await this.#conn.openStream()
    await stream.write(data)
    await take(stream, data.byteLength)
    return stream
  }
}

async function acceptAll (conn: MuxedConn): Promise<void> {
  try {
    while (true) serve(await conn.acceptStream()).catch(() => {}) // a stream that was reset, as idle ones are
  } catch {
    // the connection has ended
  }
}

async function serve (stream: MuxedStream): Promise<void> {
  let bytes = 0
  let sink = false
  for (let data = await stream.read(); data !== undefined; data = await stream.read()) {
    if (bytes === 0) sink = data[0] === SINK
    bytes += data.byteLength
    if (!sink) await stream.write(data)
  }
  if (sink) {
    const count = Buffer.alloc(COUNT_BYTES)
    count.writeBigUInt64BE(BigInt(bytes))
    await stream.write(count)
  }
  await stream.close()
}
