import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { ConnectionClosedError } from '@weir/io-scheduler'
import { leakCheck, within } from '@weir/compliance'
import { accept, bytes, DecodingError, nack, NotEnoughProofOfWorkError, ProofOfWorkTarget, RejectedByNackError, authenticate, p2pPoint } from '../src/index.ts'
import { eachCrypto } from './cryptos.ts'
import { authenticatedPair, connPair, endInit, sessionPair } from './session-pair.ts'

// The list of Octez's own test_p2p_socket, in its order and with its sizes. reference/tezos-p2p.md 7

eachCrypto('sessions over real sockets', crypto => {
  const both = { crypto }
  let leaks: ReturnType<typeof leakCheck>
  beforeEach(() => { leaks = leakCheck() })
  afterEach(async () => { await leaks.assertNone() })

  it('low-level: 16 bytes pass', async () => {
    await using conns = await connPair()
    conns.client.write(Buffer.alloc(16, 7))
    assert.equal((await conns.server.read())?.byteLength, 16)
  })

  it('pow: who has worked too little is refused, and sees the connection closed', async () => {
    await using conns = await connPair()
    const [client, server] = await Promise.allSettled([
      authenticate(endInit(conns.client, false, both)),
      authenticate(endInit(conns.server, true, { ...both, proofOfWorkTarget: new ProofOfWorkTarget(100) }))
    ])
    assert.ok(server.status === 'rejected' && NotEnoughProofOfWorkError.is(server.reason))
    assert.ok(client.status === 'rejected' && ConnectionClosedError.is(client.reason))
  })

  it('nacked: who accepts learns of the refusal, its motive and the points', async () => {
    await using conns = await connPair()
    const auth = await authenticatedPair(conns, { both })
    assert.equal(auth.server.info.incoming, true)
    const points = [p2pPoint('192.0.2.1', 9_732), p2pPoint('2001:db8::1', 1)]
    const [accepted, nacked] = await Promise.allSettled([accept(auth.client, { encoding: bytes() }), nack(auth.server, 'too-many-connections', points)])
    assert.equal(nacked.status, 'fulfilled')
    assert.ok(accepted.status === 'rejected' && RejectedByNackError.is(accepted.reason))
    assert.equal(accepted.reason.motive, 'too-many-connections')
    assert.deepEqual(accepted.reason.alternativePoints, points)
  })

  for (const [name, size, accepting] of [['simple', 16, {}], ['chunked', 256, { binaryChunksSizeBytes: 21 }], ['oversized', 131_072, {}]] as const) {
    it(`${name}-message: ${size} bytes both ways`, async () => {
      await using pair = await sessionPair({ both, accepting })
      const message = randomBytes(size)
      await Promise.all([pair.client.writeSync(message), pair.server.writeSync(message)])
      for (const end of [pair.client, pair.server]) {
        const { sizeBytes, message: received } = await within(end.read(), 'the message')
        assert.equal(sizeBytes, size + 4)
        assert.deepEqual(Buffer.from(received), message)
      }
    })
  }

  it('close-on-read: the peer closes, reading says so', async () => {
    await using pair = await sessionPair({ both })
    await pair.server.close()
    await within(assert.rejects(pair.client.read(), ConnectionClosedError.is), 'the end')
  })

  it('close-on-write: the peer closes, writing says so', async () => {
    await using pair = await sessionPair({ both })
    await pair.server.close()
    await within(pair.client.closed, 'the end')
    await assert.rejects(pair.client.writeSync(Buffer.alloc(16)), ConnectionClosedError.is)
  })

  it('garbled-data: a message that is none is a decoding error here and an end there', async () => {
    await using pair = await sessionPair({ both, accepting: { maxMessageBytes: 1_000 } })
    await pair.client.writeSync(new Uint8Array(10_000))
    await within(assert.rejects(pair.server.read(), DecodingError.is), 'the error')
    await within(assert.rejects(pair.client.read(), ConnectionClosedError.is), 'the end')
  })
})
