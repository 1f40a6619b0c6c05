import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { noise } from '@libp2p/noise'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import { generateKey, preSharedKey } from '@libp2p/pnet'
import type { ConnectionEncrypter } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { recordingResourceManager } from '@weir/compliance'
import { ProtocolNotSupportedError } from '@weir/multistream'
import type { Multiplexer } from '@weir/network'
import { yamux } from '@weir/yamux'
import { DialError, SwarmTimeoutError, UnexpectedPeerError, UpgradeError } from '../src/index.ts'
import { echo, readAll, swarmPair, type SwarmPair, until } from './swarm-pair.ts'

function muxer (protocol: string): Multiplexer {
  return { ...yamux(), protocol }
}

/** Noise that says nothing of muxers, as an encrypter without early negotiation. */
function plainNoise (components: Parameters<ReturnType<typeof noise>>[0]): ConnectionEncrypter {
  return noise()({ ...components, upgrader: { getStreamMuxers: () => new Map() } } as never)
}

async function echoes (pair: SwarmPair): Promise<void> {
  pair.b.setStreamHandler(echo)
  const stream = await pair.a.newStream(pair.b.localPeer)
  await stream.write(Buffer.from('hello'))
  await stream.closeWrite()
  assert.equal((await readAll(stream)).toString(), 'hello')
  await stream.close()
}

describe('upgrade', () => {
  for (const type of ['Ed25519', 'secp256k1', 'RSA'] as const) {
    it(`compares the expected peer id of a ${type} key`, async () => {
      await using pair = await swarmPair({}, { privateKey: type === 'RSA' ? await generateKeyPair('RSA', 2048) : await generateKeyPair(type) })
      // As it comes out of an address: an RSA id holds no key.
      const stranger = peerIdFromString(peerIdFromPrivateKey(type === 'RSA' ? await generateKeyPair('RSA', 2048) : await generateKeyPair(type)).toString())
      pair.a.peerstore.addAddrs(stranger, pair.b.listenAddresses(), 60_000)
      await assert.rejects(pair.a.dialPeer(stranger), (error: unknown) => {
        assert(DialError.is(error))
        // Noise finds it by itself where the id holds the key; with an RSA id nobody but us does.
        if (type === 'RSA') assert(UnexpectedPeerError.is(error.failures[0]?.cause), String(error.failures[0]?.cause))
        return true
      })
      assert.equal(pair.a.conns().length, 0)
      await echoes(pair)
    })
  }

  it('goes through a private network, and only with its key', async () => {
    const [key, other] = [new Uint8Array(95), new Uint8Array(95)]
    generateKey(key)
    generateKey(other)
    const protector = preSharedKey({ psk: key })()
    {
      await using pair = await swarmPair({ protector }, { protector })
      await echoes(pair)
    }
    for (const wrong of [{ protector: preSharedKey({ psk: other })() }, {}]) {
      await using pair = await swarmPair({ protector, dialTimeoutLocalMs: 1_000 }, { ...wrong, acceptTimeoutMs: 1_000 })
      await assert.rejects(pair.a.dialPeer(pair.b.localPeer), DialError.is)
      await until(() => pair.b.conns().length === 0, 'no connection')
    }
  })

  it('makes no connection of a socket that ended within the handshake, of which the muxer above would never hear', async () => {
    const breaksOff = (components: Parameters<ReturnType<typeof noise>>[0]): ConnectionEncrypter => {
      const inner = noise()(components)
      return {
        protocol: inner.protocol,
        secureOutbound: (stream, options) => inner.secureOutbound(stream, options),
        async secureInbound (stream, options) {
          const secured = await inner.secureInbound(stream, options)
          stream.abort(new Error('broken off'))
          return secured
        }
      } as ConnectionEncrypter
    }
    const never = new Promise<never>(() => {})
    const deaf: Multiplexer = {
      ...muxer('/yamux/1.0.0'),
      newConn: () => ({ openStream: () => never, acceptStream: () => never, close: async () => {}, closeWithError: async () => {}, abort () {}, isClosed: () => false })
    }
    const scopes = recordingResourceManager()
    await using pair = await swarmPair({}, { encrypters: [breaksOff], muxers: [deaf], resourceManager: scopes })
    await pair.a.dialPeer(pair.b.localPeer).catch(() => {})
    await until(() => scopes.log.includes('conn.done'), 'its scope ends')
    assert.equal(pair.b.conns().length, 0)
  })

  it('agrees on a muxer within the handshake, in the initiator\'s order on both sides', async () => {
    await using pair = await swarmPair({ muxers: [muxer('/one'), muxer('/two')] }, { muxers: [muxer('/two'), muxer('/one')] })
    await echoes(pair)
    assert.equal(pair.a.conns()[0]?.connState().streamMultiplexer, '/one')
    assert.equal(pair.b.conns()[0]?.connState().streamMultiplexer, '/one')
    assert.equal(pair.b.conns()[0]?.connState().usedEarlyMuxerNegotiation, true)
  })

  it('agrees on a muxer with a round trip of its own when the handshake says nothing', async () => {
    await using pair = await swarmPair({ encrypters: [plainNoise] }, { encrypters: [plainNoise] })
    await echoes(pair)
    assert.equal(pair.a.conns()[0]?.connState().usedEarlyMuxerNegotiation, false)
  })

  // Go's upgrader: FailedUpgrade, "no common security", OutboundResourceManagement (failed muxer negotiation)
  it('fails in its step when nothing is in common', async () => {
    for (const [step, b] of Object.entries({
      security: { encrypters: [(components: Parameters<typeof plainNoise>[0]) => Object.assign(plainNoise(components), { protocol: '/other' })] },
      muxer: { encrypters: [plainNoise], muxers: [muxer('/other')] }
    })) {
      const scopes = recordingResourceManager()
      await using pair = await swarmPair({ encrypters: [plainNoise], resourceManager: scopes }, b)
      await assert.rejects(pair.a.dialPeer(pair.b.localPeer), (error: unknown) => {
        assert(DialError.is(error))
        const cause = error.failures[0]?.cause
        assert(UpgradeError.is(cause), String(cause))
        assert.equal(cause.step, step)
        assert(ProtocolNotSupportedError.is(cause.cause), 'it keeps its cause')
        return true
      })
      scopes.assertAllEnded()
    }
  })

  it('gives up on a remote that says nothing, one way and the other', async () => {
    const scopes = recordingResourceManager()
    await using pair = await swarmPair({}, { acceptTimeoutMs: 100, resourceManager: scopes })
    const [addr] = pair.b.listenAddresses()
    const socket = connect(Number(addr?.toString().split('/').at(-1)), '127.0.0.1')
    socket.on('error', () => {})
    await new Promise(resolve => { socket.on('close', resolve) })
    await until(() => scopes.leftOpen().length === 0, 'the scope ends')

    const silent = createServer(socket => { socket.on('error', () => {}) }).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const quick = await swarmPair({ dialTimeoutLocalMs: 100 })
    const peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    quick.a.peerstore.addAddrs(peer, [multiaddr(`/ip4/127.0.0.1/tcp/${(silent.address() as { port: number }).port}`)], 60_000)
    await assert.rejects(quick.a.dialPeer(peer), (error: unknown) => DialError.is(error) && SwarmTimeoutError.is(error.failures[0]?.cause))
    silent.close()
    await quick[Symbol.asyncDispose]()
  })
})
