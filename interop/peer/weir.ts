import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { fromStreamMuxerFactory } from '@weir/adapters'
import { ECHO_PROTOCOL, PERF_PROTOCOL, perf, ping } from '@weir/host'
import { StreamResetError } from '@weir/network'
import { createNode, type NodeInit } from '@weir/node'
import type { Library, StartOptions } from './library.ts'
import { noiseAndYamux } from './names.ts'

const USER_AGENT = 'weir-interop/1'

/** The defaults of `createNode`, or Noise and Yamux under their former names. */
async function security (names: StartOptions['names']): Promise<Pick<NodeInit, 'encrypters' | 'muxers'>> {
  if (names === 'libp2p') return {}
  const { noise, yamux } = await noiseAndYamux(names)
  return { encrypters: [noise()], muxers: [fromStreamMuxerFactory(yamux()())] }
}

/** A weir node as `createNode` makes it. */
export async function startWeir ({ psk, names }: StartOptions): Promise<Library> {
  const node = await createNode({
    ...await security(names),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    psk: psk === undefined ? undefined : Buffer.from(psk),
    userAgent: USER_AGENT
  })
  const { host, network } = node
  return {
    peer: node.peer.toString(),
    agent: USER_AGENT,
    serves: [ECHO_PROTOCOL, PERF_PROTOCOL],
    addrs: () => node.addrs().map(String),
    async connect (addr) { await host.connect(multiaddr(addr)) },
    async disconnect (peer) { await network.closePeer(peerIdFromString(peer)) },
    conns: () => network.conns().length,
    async identified (peer) {
      const id = peerIdFromString(peer)
      const agent = network.peerstore.metadata(id, 'AgentVersion')
      return typeof agent === 'string' ? { agent, protocols: network.peerstore.protocols(id) } : undefined
    },
    ping: peer => ping(host, peerIdFromString(peer)),
    open: (peer, protocol) => host.newStream(peerIdFromString(peer), protocol),
    async handle (protocol, handler) { host.setStreamHandler(protocol, handler) },
    async perf (peer, uploadBytes, downloadBytes) { await perf(host, peerIdFromString(peer), { uploadBytes, downloadBytes }) },
    how: error => StreamResetError.is(error) && error.remote ? 'reset' : 'error',
    close: async () => { await node.close() }
  }
}
