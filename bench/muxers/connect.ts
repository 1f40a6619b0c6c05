import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection, MessageStream, MultiaddrConnection, Transport, Upgrader } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { nullLogger } from '@weir/adapters'
import { tcp } from '@weir/tcp'

/** What lies between muxer and socket. */
export type Layer = 'noise' | 'tcp'

/** The stock muxer lets every stream write its whole window, however much waits already: with 100 streams that is more than our transport bears by default. */
const MAX_WRITE_BUFFER_BYTES = 2 ** 31

type Encrypt = (conn: MultiaddrConnection, direction: 'inbound' | 'outbound') => Promise<MessageStream>

function upgrader (onInbound: (conn: MultiaddrConnection) => Promise<void>): Upgrader {
  return {
    upgradeInbound: onInbound,
    upgradeOutbound: async conn => conn as unknown as Connection, // given back as it is
    createInboundAbortSignal: () => { throw new Error('not for transports') },
    getStreamMuxers: () => new Map(),
    getConnectionEncrypters: () => new Map()
  }
}

async function encrypter (layer: Layer): Promise<Encrypt> {
  if (layer === 'tcp') return async conn => conn
  const privateKey = await generateKeyPair('Ed25519')
  const own = noise()({ privateKey, peerId: peerIdFromPrivateKey(privateKey), logger: nullLogger, upgrader: upgrader(async () => {}) })
  const options = { skipStreamMuxerNegotiation: true }
  return async (conn, direction) => (direction === 'inbound' ? await own.secureInbound(conn, options) : await own.secureOutbound(conn, options)).connection
}

function transport (): Transport {
  return tcp({ maxWriteBufferBytes: MAX_WRITE_BUFFER_BYTES })({ logger: nullLogger })
}

export interface MuxerListener {
  readonly address: string
  close (): Promise<void>
}

/** Listens on loopback. */
export async function listen (layer: Layer, accepted: (conn: MessageStream) => void): Promise<MuxerListener> {
  const encrypt = await encrypter(layer)
  const listener = transport().createListener({ upgrader: upgrader(async conn => { accepted(await encrypt(conn, 'inbound')) }) })
  await listener.listen(multiaddr('/ip4/127.0.0.1/tcp/0'))
  return { address: String(listener.getAddrs()[0]), close: () => listener.close() }
}

export async function dial (layer: Layer, address: string): Promise<MessageStream> {
  const encrypt = await encrypter(layer)
  const conn = await transport().dial(multiaddr(address), { signal: AbortSignal.timeout(10_000), upgrader: upgrader(async () => {}) })
  return await encrypt(conn as unknown as MultiaddrConnection, 'outbound')
}
