import assert from 'node:assert/strict'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { isConnection, type PeerId, type StreamCloseEvent } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { streamPair } from '@libp2p/utils'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { type Conn, ConnClosedError, LimitedConnError, type NewStreamOptions, type Stream } from '@weir/network'
import { fromConnection, nullLogger, toConnection, type ToConnectionInit } from '../src/index.ts'

interface HandMade { readonly conn: Conn, closes: number }

/** A connection as far as `toConnection` looks. */
function handMade (remotePeer: unknown, { addr = '/ip4/1.2.3.4/tcp/5', limited = false }: { addr?: string, limited?: boolean } = {}): HandMade {
  const made: { conn: Conn, closes: number } = { closes: 0, conn: undefined as never }
  const remoteMultiaddr: Multiaddr = multiaddr(addr)
  made.conn = {
    id: 'conn-1',
    remotePeer,
    remoteMultiaddr,
    stat: () => ({ direction: 'inbound', openedMs: 42, limited, readBytes: 0, writtenBytes: 0, extra: new Map(), numStreams: 0 }),
    connState: () => ({ streamMultiplexer: '/yamux/1.0.0', security: '/noise', transport: '@libp2p/tcp', usedEarlyMuxerNegotiation: true }),
    close: async () => { made.closes++ }
  } as unknown as Conn
  return made
}

/** A negotiated stream over a pair of js streams. */
async function negotiated (peer: PeerId): Promise<Stream> {
  const [js] = await streamPair()
  js.protocol = '/x/1'
  const connection = fromConnection({ remotePeer: peer, remoteAddr: multiaddr('/ip4/1.2.3.4/tcp/5'), id: 'c', direction: 'outbound', timeline: { open: 1 }, status: 'open', newStream: async () => js } as never, { localPeer: peer, localMultiaddr: multiaddr('/ip4/1.1.1.1/tcp/1'), protocols: ['/x/1'] })
  return connection.newStream()
}

const refuse: ToConnectionInit['newStream'] = async () => { throw new Error('no streams here') }

describe('toConnection', () => {
  let peer: PeerId
  before(async () => { peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519')) })

  it('has every member of a js connection', () => {
    const connection = toConnection(handMade(peer).conn, { log: nullLogger, newStream: refuse })
    assert(isConnection(connection))
    assert.equal(connection.remoteAddr.toString(), `/ip4/1.2.3.4/tcp/5/p2p/${peer}`)
    const { id, remotePeer, direction, timeline, multiplexer, encryption, status, direct, limits, streams, rtt } = connection
    assert.deepEqual({ id, direction, timeline, multiplexer, encryption, status, direct, limits, streams, rtt }, { id: 'conn-1', direction: 'inbound', timeline: { open: 42, upgraded: 42 }, multiplexer: '/yamux/1.0.0', encryption: '/noise', status: 'open', direct: true, limits: undefined, streams: [], rtt: undefined })
    assert.equal(remotePeer, peer)
  })

  it('knows relayed and limited connections, and does not name the peer twice', () => {
    const addr = `/ip4/1.2.3.4/tcp/5/p2p/${peer}/p2p-circuit`
    const relayed = toConnection(handMade(peer, { addr, limited: true }).conn, { log: nullLogger, newStream: refuse })
    assert.equal(relayed.direct, false)
    assert.deepEqual(relayed.limits, {})
    assert.equal(relayed.remoteAddr.toString(), `${addr}/p2p/${peer}`)
    const full = `/ip4/1.2.3.4/tcp/5/p2p/${peer}`
    assert.equal(toConnection(handMade(peer, { addr: full }).conn, { log: nullLogger, newStream: refuse }).remoteAddr.toString(), full)
  })

  it('opens negotiated streams, and lists them until they close', async () => {
    const asked: [string[], NewStreamOptions][] = []
    const { signal } = new AbortController()
    const connection = toConnection(handMade(peer).conn, {
      log: nullLogger,
      newStream: async (_conn, protocols, options) => {
        asked.push([protocols, options])
        return negotiated(peer)
      }
    })
    const stream = await connection.newStream('/x/1', { signal })
    assert.equal(stream.protocol, '/x/1')
    assert.deepEqual(connection.streams, [stream])
    await connection.newStream(['/x/1', '/x/2'], { runOnLimitedConnection: true })
    assert.deepEqual(asked.map(([protocols, options]) => [protocols, options.signal === signal, options.allowLimitedConn !== undefined]), [[['/x/1'], true, false], [['/x/1', '/x/2'], false, true]])
    const [added, other] = await streamPair()
    connection.addStream(added)
    assert.equal(connection.streams.length, 3)
    added.abort(new Error('x'))
    stream.abort(new Error('x'))
    assert.equal(connection.streams.length, 1)
    connection.addStream(added)
    assert.equal(connection.streams.length, 1, 'it has ended already')
    other.abort(new Error('x'))
  })

  it('gives errors the names that js-libp2p knows', async () => {
    for (const [cause, name] of [[new ConnClosedError({ remote: true }), 'ConnectionClosedError'], [new LimitedConnError(peer), 'LimitedConnectionError'], [new TypeError('other'), 'TypeError']] as const) {
      const connection = toConnection(handMade(peer).conn, { log: nullLogger, newStream: async () => { throw cause } })
      await assert.rejects(connection.newStream('/x'), (error: Error) => error.name === name && (error === cause || error.cause === cause))
    }
  })

  it('closes the connection, once it listens to its signal, and says so once', async () => {
    const made = handMade(peer)
    const connection = toConnection(made.conn, { log: nullLogger, newStream: refuse })
    const closes: StreamCloseEvent[] = []
    connection.addEventListener('close', event => { closes.push(event) })
    await connection.close({ signal: new AbortController().signal })
    assert.equal(connection.status, 'closed')
    connection.onClosed()
    await connection.close()
    assert.equal(closes.length, 1)
    assert.equal(closes[0]?.local, true)
    assert(made.closes >= 1)
    assert.notEqual(connection.timeline.close, undefined)
    await assert.rejects(connection.newStream('/x'), { name: 'ConnectionClosedError' })

    const slow = handMade(peer)
    slow.conn.close = () => new Promise(() => {})
    await assert.rejects(toConnection(slow.conn, { log: nullLogger, newStream: refuse }).close({ signal: AbortSignal.abort(new Error('too slow')) }), /too slow/)
  })

  it('is told of the end', () => {
    for (const [error, status] of [[undefined, 'closed'], [new Error('broken'), 'reset']] as const) {
      const connection = toConnection(handMade(peer).conn, { log: nullLogger, newStream: refuse })
      const closes: StreamCloseEvent[] = []
      connection.addEventListener('close', event => { closes.push(event) })
      connection.onClosed(error)
      assert.equal(connection.status, status)
      assert.deepEqual(closes.map(event => [event.local, event.error]), [[false, error]])
    }
  })

  it('aborts', async () => {
    const made = handMade(peer)
    made.conn.close = async () => { made.closes++; throw new Error('closing fails') }
    const connection = toConnection(made.conn, { log: nullLogger, newStream: refuse })
    const cause = new Error('enough')
    let seen: Error | undefined
    connection.addEventListener('close', event => { seen = event.error })
    connection.abort(cause)
    assert.deepEqual([connection.status, seen, made.closes], ['aborted', cause, 1])
  })

  it('wants a libp2p peer', () => {
    assert.throws(() => toConnection(handMade({ type: 'tezos', toString: () => 'id1' }).conn, { log: nullLogger, newStream: refuse }), TypeError)
  })
})
