import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { fromSocket, nullIoScheduler } from '@weir/io-scheduler'
import {
  accept, announcedVersion, authenticate, bytes, generateIdentity, nodeMetaConfig, type NodeMetadata, type P2pConnection, type P2pIdentity, p2pPoint, ProofOfWorkTarget
} from '@weir/p2p-socket'
import { CHAIN_NAME, type P2pBenchConn, type P2pBenchSide, QUESTION } from './bench-side.ts'

const VERSION = announcedVersion({ chainName: CHAIN_NAME, distributedDbVersions: [0, 1, 2], p2pVersions: [0, 1] })
const TARGET = new ProofOfWorkTarget(0)
const ENCODING = bytes()

type Conn = P2pConnection<Uint8Array, NodeMetadata>

async function session (socket: Socket, incoming: boolean, identity: P2pIdentity): Promise<Conn> {
  const authenticated = await authenticate({
    conn: nullIoScheduler.register(fromSocket(socket)),
    incoming,
    point: p2pPoint(socket.remoteAddress ?? '::', socket.remotePort ?? 0),
    identity,
    proofOfWorkTarget: TARGET,
    version: VERSION,
    metadata: nodeMetaConfig()
  })
  return await accept(authenticated, { encoding: ENCODING })
}

async function serve (conn: Conn): Promise<void> {
  for (let count = 0; ; count++) {
    const { message } = conn.readNow() ?? await conn.read()
    if (message.length !== QUESTION.length) continue
    const answer = new Uint8Array(8)
    new DataView(answer.buffer).setBigUint64(0, BigInt(count--))
    await conn.write(answer)
  }
}

/** The library, with its default queues, on plain sockets. */
export const weirSide: P2pBenchSide = {
  async listen () {
    const identity = await generateIdentity({ targetBits: 0 })
    const server = createServer(socket => {
      session(socket, true, identity).then(serve).catch(() => {}) // it ends with its connection
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { port: (server.address() as AddressInfo).port, close: () => { server.close() } }
  },

  async dial (port): Promise<P2pBenchConn> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    const conn = await session(socket, false, await identityOnce())
    return {
      send: message => conn.writeNow(message) ? undefined : conn.write(message),
      async count () {
        await conn.write(QUESTION)
        const { message } = await conn.read()
        return Number(new DataView(message.buffer, message.byteOffset).getBigUint64(0))
      },
      async close () { await conn.close() }
    }
  }
}

const held: { identity?: Promise<P2pIdentity> } = {}

async function identityOnce (): Promise<P2pIdentity> {
  held.identity ??= generateIdentity({ targetBits: 0 })
  return await held.identity
}
