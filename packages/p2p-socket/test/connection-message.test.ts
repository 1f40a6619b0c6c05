import assert from 'node:assert/strict'
import fc from 'fast-check'
import { DecodingError, EncodingError, P2pPeerId } from '../src/index.ts'
import { Channel, deriveNonces } from '../src/channel.ts'
import { type ConnectionMessage, connectionFrameLength, decodeConnectionMessage, encodeConnectionMessage } from '../src/connection-message.ts'
import { CRYPTOS, eachCrypto, hex, unhex } from './cryptos.ts'
import { M1, M2 } from './vectors.ts'

const CHAIN = 'SANDBOXED_TEZOS_ALPHANET_2018-11-30T15:30:56Z'

describe('the connection message', () => {
  it('reads and writes those of a real session (V7)', () => {
    const [crypto] = CRYPTOS
    assert.ok(crypto)
    for (const [frame, port, peerId] of [[M1, 19_739, 'idtBWDzTcpfNnDyoRbM1bFoXe2vuZK'], [M2, 19_738, 'idrcXJiU6wtDntNEso85aDg5nBEZyg']] as const) {
      const message = decodeConnectionMessage(frame)
      assert.equal(message.port, port)
      assert.equal(P2pPeerId.ofPublicKey(message.publicKey, crypto).toString(), peerId)
      assert.deepEqual(message.version, { chainName: CHAIN, distributedDbVersion: 0, p2pVersion: 0 })
      assert.equal(hex(encodeConnectionMessage(message)), hex(frame))
      assert.equal(connectionFrameLength(frame), frame.length)
    }
  })

  const anyMessage: fc.Arbitrary<ConnectionMessage> = fc.record({
    port: fc.option(fc.integer({ min: 1, max: 0xffff }), { nil: undefined }),
    publicKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    proofOfWorkStamp: fc.uint8Array({ minLength: 24, maxLength: 24 }),
    messageNonce: fc.uint8Array({ minLength: 24, maxLength: 24 }),
    version: fc.record({ chainName: fc.string({ maxLength: 60 }), distributedDbVersion: fc.nat(0xffff), p2pVersion: fc.nat(0xffff) }, { noNullPrototype: true })
  }, { noNullPrototype: true })

  it('comes back as it was, of 90 bytes and the chain name, and cut anywhere or with more behind it is none', () => {
    fc.assert(fc.property(anyMessage, message => {
      const frame = encodeConnectionMessage(message)
      assert.equal(frame.length, 92 + message.version.chainName.length)
      assert.deepEqual(decodeConnectionMessage(frame), message)
      for (let cut = 2; cut < frame.length; cut++) assert.throws(() => decodeConnectionMessage(frame.subarray(0, cut)), { fault: 'not-enough-data' })
      assert.throws(() => decodeConnectionMessage(Buffer.concat([frame, Buffer.alloc(1)])), { fault: 'extra-bytes' })
    }), { numRuns: 30 })
  })

  it('says no port as 0', () => {
    const message = { ...decodeConnectionMessage(M1), port: undefined }
    assert.equal(hex(encodeConnectionMessage(message).subarray(2, 4)), '0000')
    assert.equal(decodeConnectionMessage(encodeConnectionMessage(message)).port, undefined)
  })

  it('is refused at its length when no message is that short, and may be as long as a length can say', () => {
    for (const [header, length] of [['005a', 92], ['ffff', 65_537]] as const) assert.equal(connectionFrameLength(unhex(header)), length)
    for (const header of ['0000', '0059']) assert.throws(() => connectionFrameLength(unhex(header)), DecodingError.is)
    const message = decodeConnectionMessage(M1)
    const named = (length: number): ConnectionMessage => ({ ...message, version: { ...message.version, chainName: 'x'.repeat(length) } })
    assert.equal(encodeConnectionMessage(named(65_445)).length, 65_537)
    assert.throws(() => encodeConnectionMessage(named(65_446)), EncodingError.is)
  })
})

eachCrypto('the nonces of a session', crypto => {
  it('are the published ones, on both sides (V7)', () => {
    const nonces = (incoming: boolean): string[] => {
      const { local, remote } = deriveNonces({ crypto, incoming, sent: M1, received: M2 })
      return [hex(local), hex(remote)]
    }
    assert.deepEqual(nonces(false), ['8dde158c55cff52f4be9352787d333e616a67853640d72c5', 'e67481a23cf9b404626a12bd405066e161b32dc53f469153'])
    assert.deepEqual(nonces(true), ['ff0451d94af9f75a46d74a2a9f685cff20222a15829f121d', '8a09a2c43a61aa6eccee084aa66da9bc94b441b17615be58'])
  })

  const key = unhex('44'.repeat(32))
  const pair = (): [Channel, Channel] => [
    new Channel({ crypto, key, incoming: false, sent: M1, received: M2 }),
    new Channel({ crypto, key, incoming: true, sent: M2, received: M1 })
  ]
  const box = (wire: Uint8Array): Uint8Array => wire.subarray(2)

  it('fit each other: what one seals the other opens, in its order, and nothing twice', () => {
    const [a, b] = pair()
    const [first, second] = [a.seal([unhex('aabb')]), a.seal([unhex('')])]
    const copy = first.slice()
    assert.equal(hex(first.subarray(0, 2)), '0012')
    assert.equal(hex(second.subarray(0, 2)), '0010')
    assert.equal(hex(b.open(box(first))), 'aabb')
    assert.equal(hex(b.open(box(second))), '')
    assert.throws(() => b.open(box(copy)), { code: 'P2P_DECIPHER' })
    assert.equal(hex(a.open(box(b.seal([unhex('cc')])))), 'cc')
  })

  it('are not those of the other direction: what was sent is not taken when it comes back', () => {
    const [a] = pair()
    assert.throws(() => a.open(box(a.seal([unhex('aabb')]))), { code: 'P2P_DECIPHER' })
  })

  it('end the session at their end, and are never used again', () => {
    const last = unhex(`${'ff'.repeat(23)}fe`)
    const channel = new Channel({ crypto, key, incoming: false, sent: M1, received: M2 }, { local: last.slice(), remote: last.slice() })
    const wire = channel.seal([unhex('01'), unhex('02')])
    assert.throws(() => channel.seal([unhex('03')]), { code: 'P2P_NONCE_EXHAUSTED' })
    assert.throws(() => channel.seal([unhex('03')]), { code: 'P2P_NONCE_EXHAUSTED' })
    channel.open(wire.slice(2, 19))
    channel.open(wire.slice(21))
    assert.throws(() => channel.open(wire.slice(2, 19)), { code: 'P2P_NONCE_EXHAUSTED' })
  })

  it('seals an ack as upstream does, with a nonce of zeros', () => {
    const zero = new Uint8Array(24)
    const channel = new Channel({ crypto, key, incoming: false, sent: M1, received: M2 }, { local: zero.slice(), remote: zero.slice() })
    assert.equal(Buffer.from(channel.open(box(channel.seal([Buffer.from('test')])))).toString(), 'test')
  })
})
