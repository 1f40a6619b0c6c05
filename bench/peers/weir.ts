import { generateKeyPair } from '@libp2p/crypto/keys'
import { noise } from '@libp2p/noise'
import { multiaddr } from '@multiformats/multiaddr'
import { createHost, type Host, registerEcho } from '@weir/host'
import { type Conn, nullResourceManager, type PeerRef, type ResourceManager, type Stream } from '@weir/network'
import { createPeerstore } from '@weir/peerstore'
import { createSwarm } from '@weir/swarm'
import { tcp } from '@weir/tcp'
import { yamux } from '@weir/yamux'
import { type BenchConn, type BenchDialer, type BenchListener, type BenchPeer, ECHO_PROTOCOL, SINK_PROTOCOL } from '../src/bench-peer.ts'
import { take } from '../src/take.ts'

const COUNT_BYTES = 8

interface BenchNode {
  readonly host: Host
  close (): Promise<void>
}

/** The parts that `createNode` takes, without its services: the js-libp2p peer has none either. */
async function node (resourceManager: ResourceManager): Promise<BenchNode> {
  const privateKey = await generateKeyPair('Ed25519')
  const peerstore = createPeerstore()
  const network = createSwarm({ privateKey, transports: [tcp()], encrypters: [noise()], muxers: [yamux()], peerstore, resourceManager })
  const host = createHost({ network, privateKey })
  await host.start()
  return {
    host,
    async close () {
      await host.close()
      await network.close()
      await peerstore.close()
    }
  }
}

async function sink (stream: Stream): Promise<void> {
  let bytes = 0
  for (let data = await stream.read(); data !== undefined; data = await stream.read()) bytes += data.byteLength
  const count = Buffer.alloc(COUNT_BYTES)
  count.writeBigUInt64BE(BigInt(bytes))
  await stream.write(count)
  await stream.close()
}

class WeirConn implements BenchConn {
  readonly #host: Host
  readonly #conn: Conn
  readonly #peer: PeerRef

  constructor (host: Host, conn: Conn) {
    this.#host = host
    this.#conn = conn
    this.#peer = conn.remotePeer
  }

  async echo (data: Uint8Array): Promise<void> {
    const stream = await this.#host.newStream(this.#peer, ECHO_PROTOCOL)
    await stream.write(data)
    await take(stream, data.byteLength)
    await stream.closeWrite()
    if (await stream.read() !== undefined) throw new Error('the echo is longer than what was sent')
    await stream.close()
  }

  async send (data: Uint8Array, times: number): Promise<void> {
    const stream = await this.#host.newStream(this.#peer, SINK_PROTOCOL)
    for (let left = times; left > 0; left--) await stream.write(data)
    await stream.closeWrite()
    const bytes = Number((await take(stream, COUNT_BYTES)).readBigUInt64BE())
    if (bytes !== data.byteLength * times) throw new Error(`sent ${data.byteLength * times} bytes, ${bytes} arrived`)
    await stream.close()
  }

  async close (): Promise<void> {
    await this.#conn.close()
  }
}

async function listen (resourceManager: ResourceManager): Promise<BenchListener> {
  const { host, close } = await node(resourceManager)
  registerEcho(host)
  host.setStreamHandler(SINK_PROTOCOL, sink)
  await host.network.listen(multiaddr('/ip4/127.0.0.1/tcp/0'))
  return { address: String(host.addrs()[0]), conns: () => host.network.conns().length, close }
}

async function dialer (resourceManager: ResourceManager): Promise<BenchDialer> {
  const { host, close } = await node(resourceManager)
  return { connect: async address => new WeirConn(host, await host.connect(multiaddr(address))), close }
}

/** A peer whose nodes ask this manager. */
export function weirPeer (resourceManager: ResourceManager): BenchPeer {
  return { listen: () => listen(resourceManager), dialer: () => dialer(resourceManager) }
}

export const peer: BenchPeer = weirPeer(nullResourceManager)
