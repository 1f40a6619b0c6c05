import type { Connection } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p, type Libp2p } from 'libp2p'
import { type BenchConn, type BenchDialer, type BenchListener, type BenchPeer, ECHO_PROTOCOL, SINK_PROTOCOL } from '../src/bench-peer.ts'
import { drained, remoteEnd, take } from '../src/js-stream.ts'

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
