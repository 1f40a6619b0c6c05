import assert from 'node:assert/strict'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection as JsConnection, NewStreamOptions as JsNewStreamOptions, PeerId, Stream as JsStream } from '@libp2p/interface'
import { peerIdFromMultihash, peerIdFromPrivateKey } from '@libp2p/peer-id'
import { streamPair } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { ConnClosedError, LimitedConnError, type MuxedStream, ScopeAttachedError } from '@weir/network'
import { fromConnection, fromStream } from '../src/index.ts'

interface HandMade {
  status: string
  limits?: object
  asked: { protocols: string | string[], options: JsNewStreamOptions | undefined }[]
  others: MuxedStream[]
  aborted?: Error
}

function handMade (remotePeer: PeerId): HandMade & JsConnection {
  const made: HandMade = { status: 'open', asked: [], others: [] }
  return Object.assign(made, {
    id: 'js-1',
    remotePeer,
    remoteAddr: multiaddr(`/ip4/1.2.3.4/tcp/5/p2p/${remotePeer}`),
    direction: 'outbound',
    timeline: { open: 7 },
    multiplexer: '/yamux/1.0.0',
    encryption: '/noise',
    async newStream (protocols: string | string[], options?: JsNewStreamOptions): Promise<JsStream> {
      made.asked.push({ protocols, options })
      const [ours, theirs] = await streamPair()
      ours.protocol = '/a/1'
      made.others.push(fromStream(theirs))
      return ours
    },
    async close () { made.status = 'closed' },
    abort (error: Error) { made.status = 'aborted'; made.aborted = error }
  }) as unknown as HandMade & JsConnection
}

describe('fromConnection', () => {
  let remote: PeerId
  let local: PeerId
  const localMultiaddr = multiaddr('/ip4/9.9.9.9/tcp/9')
  before(async () => {
    remote = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    local = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
  })

  it('has every member of a connection', () => {
    const conn = fromConnection(handMade(remote), { localPeer: local, localMultiaddr, protocols: ['/a/1'] })
    assert.deepEqual([conn.id, conn.localPeer, conn.remotePeer, conn.localMultiaddr], ['js-1', local, remote, localMultiaddr])
    assert(remote.publicKey?.equals(conn.remotePublicKey))
    assert.equal(conn.remoteMultiaddr.toString(), `/ip4/1.2.3.4/tcp/5/p2p/${remote}`)
    assert.deepEqual(conn.connState(), { streamMultiplexer: '/yamux/1.0.0', security: '/noise', transport: '', usedEarlyMuxerNegotiation: false })
    assert.deepEqual(conn.stat(), { direction: 'outbound', openedMs: 7, limited: false, readBytes: 0, writtenBytes: 0, extra: new Map(), numStreams: 0 })
    assert.equal(conn.scope.stat().memoryBytes, 0)
    assert.equal(conn.isClosed(), false)
  })

  it('opens streams with the protocols it was given, and counts their bytes', async () => {
    const js = handMade(remote)
    const conn = fromConnection(js, { localPeer: local, localMultiaddr, protocols: ['/a/1', '/b/1'] })
    const stream = await conn.newStream()
    assert.deepEqual(js.asked[0]?.protocols, ['/a/1', '/b/1'])
    assert.deepEqual([stream.protocol, stream.conn, conn.streams()], ['/a/1', conn, [stream]])
    assert.throws(() => { stream.setProtocol('/c/1') }, ScopeAttachedError)
    const [other] = js.others
    assert(other !== undefined)
    await stream.write(Buffer.from('four'))
    assert.equal((await other.read())?.byteLength, 4)
    await other.write(Buffer.from('sixsix'))
    assert.equal((await stream.read())?.byteLength, 6)
    assert.deepEqual([stream.stat().writtenBytes, stream.stat().readBytes, conn.stat().writtenBytes, conn.stat().readBytes, conn.stat().numStreams], [4, 6, 4, 6, 1])
    stream.reset()
    assert.deepEqual(conn.streams(), [])
    assert.throws(() => { stream.scope.setService('x') }, /closed/)
    assert.deepEqual([conn.stat().writtenBytes, conn.stat().readBytes, conn.stat().numStreams], [4, 6, 0])
    await other.close()
  })

  it('closes and resets its streams, and aborts when that fails', async () => {
    const js = handMade(remote)
    const conn = fromConnection(js, { localPeer: local, localMultiaddr, protocols: ['/a/1'] })
    const stream = await conn.newStream()
    await Promise.all([conn.close(), conn.closeWithError(0x1006)])
    assert.equal(js.status, 'closed')
    assert.equal(conn.isClosed(), true)
    await assert.rejects(stream.read(), { code: 'STREAM_RESET' })
    await assert.rejects(conn.newStream(), ConnClosedError)

    const broken = handMade(remote)
    broken.close = async () => { throw new Error('cannot close') }
    await fromConnection(broken, { localPeer: local, localMultiaddr, protocols: [] })[Symbol.asyncDispose]()
    assert.match(String(broken.aborted), /cannot close/)
  })

  it('asks for leave on a limited connection', async () => {
    const js = handMade(remote)
    js.limits = {}
    const conn = fromConnection(js, { localPeer: local, localMultiaddr, protocols: ['/a/1'] })
    await assert.rejects(conn.newStream(), LimitedConnError)
    const { signal } = new AbortController()
    const stream = await conn.newStream({ allowLimitedConn: 'a test', signal })
    assert.deepEqual(js.asked[0]?.options, { signal, runOnLimitedConnection: true })
    stream.reset()
  })

  it('knows that the remote has ended it', async () => {
    const js = handMade(remote)
    const conn = fromConnection(js, { localPeer: local, localMultiaddr, protocols: ['/a/1'] })
    js.newStream = async () => { js.status = 'closed'; throw new Error('gone') }
    await assert.rejects(conn.newStream(), (error: unknown) => ConnClosedError.is(error) && error.remote)
    assert.equal(conn.isClosed(), true)
  })

  it('wants to know the remote’s key', async () => {
    const hashed = peerIdFromMultihash(peerIdFromPrivateKey(await generateKeyPair('RSA', 2048)).toMultihash())
    assert.throws(() => fromConnection(handMade(hashed), { localPeer: local, localMultiaddr, protocols: [] }), TypeError)
    assert.throws(() => fromConnection(handMade(remote), { localPeer: local, localMultiaddr, protocols: [], protocol: 1 } as never), /no option protocol/)
  })
})
