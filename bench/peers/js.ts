import type { Connection, Stream } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import { type BenchConn, type BenchDialer, type BenchListener, type BenchPeer, ECHO_PROTOCOL, SINK_PROTOCOL } from '../src/bench-peer.ts'

const COUNT_BYTES = 8
const MANY = 100_000

/**
 * Stock js-libp2p without services. Its limits on connections from one address and on streams are raised, for the benchmark
 * would measure them; its connection monitor, which pings every connection, is off, for weir has none.
 */
async function node (listen: string[]): Promise<Libp2p> {
  return await createLibp2p({
    addresses: { listen },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: MANY, maxConnections: MANY, maxIncomingPendingConnections: MANY },
    connectionMonitor: { enabled: false }
  })
}

async function drained (stream: Stream): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const closed = (): void => { reject(new Error('the stream was closed')) }
  stream.addEventListener('drain', () => { resolve() }, { once: true })
  stream.addEventListener('close', closed, { once: true })
  await promise
  stream.removeEventListener('close', closed)
}

/** Both ends of a stream's life: resolves when the remote has ended its writing. */
function remoteEnd (stream: Stream): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  if (stream.remoteWriteStatus === 'closed') resolve()
  stream.addEventListener('remoteCloseWrite', () => { resolve() })
  stream.addEventListener('close', event => { event.error === undefined ? resolve() : reject(event.error) })
  return promise
}

/** Resolves with the next so many bytes. */
function take (stream: Stream, bytes: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  let got: Buffer = Buffer.alloc(0)
  stream.addEventListener('message', ({ data }) => {
    got = Buffer.concat([got, data.subarray()])
    if (got.byteLength >= bytes) resolve(got)
  })
  stream.addEventListener('close', event => { reject(event.error ?? new Error('the stream was closed')) })
  return promise
}

class JsConn implements BenchConn {
  readonly #connection: Connection

  constructor (connection: Connection) {
    this.#connection = connection
  }

  async echo (data: Uint8Array): Promise<void> {
    const stream = await this.#connection.newStream(ECHO_PROTOCOL, { maxOutboundStreams: MANY })
    const answer = take(stream, data.byteLength)
    const ended = remoteEnd(stream)
    stream.send(data)
    await answer
    await stream.close()
    await ended
  }

  async send (data: Uint8Array, times: number): Promise<void> {
    const stream = await this.#connection.newStream(SINK_PROTOCOL)
    const answer = take(stream, COUNT_BYTES)
    for (let left = times; left > 0; left--) {
      if (!stream.send(data)) await drained(stream)
    }
    await stream.close()
    const bytes = Number((await answer).readBigUInt64BE())
    if (bytes !== data.byteLength * times) throw new Error(`sent ${data.byteLength * times} bytes, ${bytes} arrived`)
  }

  async close (): Promise<void> {
    await this.#connection.close()
  }
}

async function listen (): Promise<BenchListener> {
  const listener = await node(['/ip4/127.0.0.1/tcp/0'])
  await listener.handle(ECHO_PROTOCOL, stream => {
    stream.addEventListener('message', ({ data }) => { stream.send(data) })
    stream.addEventListener('remoteCloseWrite', () => { stream.close().catch(() => {}) })
  }, { maxInboundStreams: MANY })
  await listener.handle(SINK_PROTOCOL, stream => {
    let bytes = 0
    stream.addEventListener('message', ({ data }) => { bytes += data.byteLength })
    stream.addEventListener('remoteCloseWrite', () => {
      const count = Buffer.alloc(COUNT_BYTES)
      count.writeBigUInt64BE(BigInt(bytes))
      stream.send(count)
      stream.close().catch(() => {})
    })
  })
  return { address: String(listener.getMultiaddrs()[0]), conns: () => listener.getConnections().length, close: async () => { await listener.stop() } }
}

async function dialer (): Promise<BenchDialer> {
  const own = await node([])
  return { connect: async address => new JsConn(await own.dial(multiaddr(address))), close: async () => { await own.stop() } }
}

export const peer: BenchPeer = { listen, dialer }
