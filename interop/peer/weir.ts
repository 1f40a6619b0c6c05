import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { fromStreamMuxerFactory } from '@weir/adapters'
import { ECHO_PROTOCOL, PERF_PROTOCOL, perf, ping } from '@weir/host'
import { ConnClosedError, StreamResetError } from '@weir/network'
import { createNode, type NodeInit } from '@weir/node'
import type { Library, StartOptions, StreamEnd } from './library.ts'
import { MAX_UNANSWERED, PROTOCOLS, STREAMS_ALLOWED } from './protocols.ts'
import { type StackName, wireStack } from './wire-stack.ts'

const USER_AGENT = 'weir-interop/1'

/** What a large machine has, whatever this one has: else the 1,000 streams of one peer that are open at once would be refused. */
const LARGE_MACHINE = { memoryBytes: 16 * 2 ** 30, numFd: 10_000, machineMemoryBytes: 64 * 2 ** 30, machineNumFd: 20_000 }
const HELD_STREAMS = { Streams: 2 * STREAMS_ALLOWED, StreamsInbound: STREAMS_ALLOWED, StreamsOutbound: STREAMS_ALLOWED }

/** The defaults of `createNode` where nothing else is asked for. */
async function encrypterAndMuxer (stack: StackName): Promise<Pick<NodeInit, 'encrypters' | 'muxers'>> {
  const { noise, yamux: adapted } = await wireStack(stack)
  return {
    encrypters: noise === undefined ? undefined : [noise],
    muxers: adapted === undefined ? undefined : [fromStreamMuxerFactory(adapted())]
  }
}

function how (error: unknown): StreamEnd {
  if (StreamResetError.is(error) && error.remote) return { how: 'reset', code: error.errorCode }
  if (ConnClosedError.is(error) && error.remote) return { how: 'closed', code: error.errorCode }
  return { how: 'error' }
}

/** A weir node as `createNode` makes it. */
export async function startWeir ({ psk, listen = ['/ip4/127.0.0.1/tcp/0'], stack }: StartOptions): Promise<Library> {
  const node = await createNode({
    ...await encrypterAndMuxer(stack),
    budget: LARGE_MACHINE,
    limits: { ProtocolPeer: { [PROTOCOLS.hold]: HELD_STREAMS } },
    listen,
    psk: psk === undefined ? undefined : Buffer.from(psk),
    userAgent: USER_AGENT
  })
  const { host, network } = node
  return {
    peer: node.peer.toString(),
    agent: USER_AGENT,
    serves: [ECHO_PROTOCOL, PERF_PROTOCOL],
    maxUnanswered: stack === 'own' ? Infinity : MAX_UNANSWERED,
    addrs: () => node.addrs().map(String),
    async connect (addr) { await host.connect(multiaddr(addr)) },
    async disconnect (peer, errorCode) {
      if (errorCode === 0) await network.closePeer(peerIdFromString(peer))
      else await Promise.all(network.connsToPeer(peerIdFromString(peer)).map(conn => conn.closeWithError(errorCode)))
    },
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
    how,
    close: async () => { await node.close() }
  }
}
