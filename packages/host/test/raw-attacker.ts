import { generateKeyPair } from '@libp2p/crypto/keys'
import { noise } from '@libp2p/noise'
import { putYamuxHeader, YAMUX_HEADER_BYTES } from '@weir/adapters'
import type { Multiplexer, MuxedConn, SecureConn } from '@weir/network'
import { createPeerstore } from '@weir/peerstore'
import { createSwarm, type Swarm } from '@weir/swarm'
import { tcp } from '@weir/tcp'
import type { Host } from '../src/index.ts'

export const SYN = 1
export const ACK = 2
export const RST = 8

/** The header of a Yamux frame. */
export function header (type: 'data' | 'window' | 'ping' | 'go-away', flags: number, streamId: number, length: number): Buffer {
  const bytes = Buffer.alloc(YAMUX_HEADER_BYTES)
  putYamuxHeader(bytes, 0, ['data', 'window', 'ping', 'go-away'].indexOf(type), flags, streamId, length)
  return bytes
}

/** A node with a valid identity that has the bytes of its connections in its own hands. */
export interface Attacker extends AsyncDisposable {
  readonly swarm: Swarm
  /** Connects, with the secured connection as what is left. */
  connect (victim: Host): Promise<SecureConn>
  /** The connections that others made. */
  readonly conns: readonly SecureConn[]
}

export async function attacker (): Promise<Attacker> {
  const conns: SecureConn[] = []
  const peerstore = createPeerstore()
  const swarm = createSwarm({
    privateKey: await generateKeyPair('Ed25519'), peerstore, transports: [tcp()], encrypters: [noise()], muxers: [bareMuxer(conns)]
  })
  return {
    swarm,
    conns,
    async connect (victim) {
      const addr = victim.network.listenAddresses()[0]
      if (addr === undefined) throw new Error('the victim does not listen')
      peerstore.addAddrs(victim.peer, [addr], 60_000)
      await swarm.dialPeer(victim.peer)
      const conn = conns.at(-1)
      if (conn === undefined) throw new Error('no connection was made')
      return conn
    },
    async [Symbol.asyncDispose] () {
      await swarm.close()
      await peerstore.close()
    }
  }
}

/** Says that it speaks Yamux, and leaves that to whoever holds the connection. */
function bareMuxer (conns: SecureConn[]): Multiplexer {
  const never = new Promise<never>(() => {})
  return {
    protocol: '/yamux/1.0.0',
    newConn (conn): MuxedConn {
      conns.push(conn)
      const end = async (): Promise<void> => { conn.abort(new Error('closed')) }
      return { openStream: () => never, acceptStream: () => never, close: end, closeWithError: end, abort: cause => { conn.abort(cause) }, isClosed: () => false }
    }
  }
}
