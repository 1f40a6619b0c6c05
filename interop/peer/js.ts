import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { peerIdFromString } from '@libp2p/peer-id'
import { ping } from '@libp2p/ping'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { JsWire } from './js-wire.ts'
import type { Library, StartOptions } from './library.ts'
import { MAX_UNANSWERED, STREAMS_ALLOWED } from './protocols.ts'
import { wireStack } from './wire-stack.ts'

const USER_AGENT = 'weir-interop-js/3.3.11'

/** Stock js-libp2p. Raised are only the limits that many connections and streams from one address would meet. */
export async function startJs ({ psk, listen = ['/ip4/127.0.0.1/tcp/0'], stack: name }: StartOptions): Promise<Library> {
  const stack = await wireStack(name)
  const node = await createLibp2p({
    addresses: { listen: [...listen] },
    transports: [tcp()],
    connectionEncrypters: [stack.noise ?? noise()],
    streamMuxers: [stack.yamux ?? yamux({ maxInboundStreams: STREAMS_ALLOWED, maxOutboundStreams: STREAMS_ALLOWED })],
    ...(psk === undefined ? {} : { connectionProtector: preSharedKey({ psk: Buffer.from(psk) }) }),
    connectionManager: { inboundConnectionThreshold: 10_000 },
    nodeInfo: { userAgent: USER_AGENT },
    services: { identify: identify(), ping: ping() }
  })
  return {
    peer: node.peerId.toString(),
    agent: USER_AGENT,
    serves: [],
    maxUnanswered: name === 'weir-yamux' ? Infinity : MAX_UNANSWERED,
    addrs: () => node.getMultiaddrs().map(String),
    async connect (addr) { await node.dial(multiaddr(addr)) },
    async disconnect (peer, errorCode) {
      if (errorCode !== 0) throw new Error('js-libp2p has no error codes')
      await node.hangUp(peerIdFromString(peer))
    },
    conns: () => node.getConnections().length,
    async identified (peer) {
      const id = peerIdFromString(peer)
      if (!await node.peerStore.has(id)) return undefined
      const { metadata, protocols } = await node.peerStore.get(id)
      const agent = metadata.get('AgentVersion')
      return agent === undefined ? undefined : { agent: Buffer.from(agent).toString(), protocols }
    },
    ping: peer => node.services.ping.ping(peerIdFromString(peer)),
    open: async (peer, protocol) => new JsWire(await node.dialProtocol(peerIdFromString(peer), protocol)),
    handle: (protocol, handler) => node.handle(protocol, stream => handler(new JsWire(stream)), { maxInboundStreams: STREAMS_ALLOWED, maxOutboundStreams: STREAMS_ALLOWED }),
    how: error => error instanceof Error && error.name === 'StreamResetError' ? { how: 'reset' } : { how: 'error' },
    close: async () => { await node.stop() }
  }
}
