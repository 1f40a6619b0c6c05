import assert from 'node:assert/strict'
import { assertNoTimers, ManualClock, recordingResourceManager, turn, within } from '@weir/compliance'
import { ConnectionClosedError, nullIoScheduler } from '@weir/io-scheduler'
import {
  accept, authenticate, bytes, checkSize, dynamicSize, type Encoding, encode, NotEnoughProofOfWorkError, option, P2P_SOCKET_DEFAULTS, ProofOfWorkTarget, string
} from '../src/index.ts'
import { Attacker } from './attacker.ts'
import { eachCrypto, unhex } from './cryptos.ts'
import { anyIdentity, endInit } from './session-pair.ts'

// Every malformed step, against a victim that accepts: a named error, the socket closed, nothing left. The last list of section 7 and section 9 of
// reference/tezos-p2p.md, and issue 7.

const POINT = encode(string(), '[fe80:e828:209d:20ed:c0ae:fe80:e828:209d]:12345')
const nackWith = (points: number): Uint8Array => Buffer.concat([unhex('010001'), encode(bytes(), Buffer.concat(Array.from({ length: points }, () => POINT)))])

interface Victim {
  readonly attacker: Attacker
  readonly clock: ManualClock
  /** Of `authenticate`, then `accept`, then `read`: whichever is first not to go well. */
  readonly outcome: Promise<unknown>
}

eachCrypto('an attacker', crypto => {
  function victim ({ bits = 0, encoding = bytes() as Encoding<unknown> } = {}): Victim & { assertGone (): Promise<void> } {
    const clock = new ManualClock()
    const resourceManager = recordingResourceManager()
    const [attacker, wire] = Attacker.pair()
    const outcome = (async () => {
      const authenticated = await authenticate(endInit(nullIoScheduler.register(wire), true, { crypto, clock, resourceManager, proofOfWorkTarget: new ProofOfWorkTarget(bits) }))
      const conn = await accept(authenticated, { encoding })
      await conn.read()
      throw new Error('the victim has noticed nothing')
    })()
    outcome.catch(() => {})
    return {
      attacker,
      clock,
      outcome,
      async assertGone () {
        await turn()
        assert.ok(wire.ended !== undefined, 'the socket is closed')
        resourceManager.assertAllEnded()
        assertNoTimers(clock)
      }
    }
  }

  const refused = async (target: ReturnType<typeof victim>, expected: object | ((error: unknown) => boolean)): Promise<void> => {
    await within(assert.rejects(target.outcome, expected as never), 'the refusal')
    await target.assertGone()
  }

  it('without a proof of work', async () => {
    const target = victim({ bits: 100 })
    target.attacker.send(target.attacker.hello())
    await refused(target, (error: unknown) => NotEnoughProofOfWorkError.is(error) && error.peerId.equals(target.attacker.identity.peerId))
  })

  it('with a connection message of a length that none has', async () => {
    for (const header of ['0000', '0001', '0059', '000a48656c6c6f2c20776f']) {
      const target = victim()
      target.attacker.send(unhex(header))
      await refused(target, { code: 'P2P_DECODING', fault: 'not-enough-data' })
    }
  })

  it('with bytes behind its connection message, or too few in it', async () => {
    for (const [change, fault] of [[1, 'extra-bytes'], [-1, 'not-enough-data']] as const) {
      const target = victim()
      const hello = Buffer.concat([target.attacker.hello(), Buffer.alloc(1)])
      hello.writeUInt16BE(hello.readUInt16BE(0) + change, 0)
      target.attacker.send(hello)
      await refused(target, { code: 'P2P_DECODING', fault })
    }
  })

  it('with a public key of low order', async () => {
    const target = victim()
    target.attacker.send(target.attacker.hello({ publicKey: new Uint8Array(32) }))
    await refused(target, { code: 'P2P_LOW_ORDER_PUBLIC_KEY' })
  })

  it('with the victim\'s own key: a cipher error and never "myself"', async () => {
    const target = victim()
    const { publicKey } = anyIdentity(2)
    const hello = target.attacker.hello({ publicKey })
    target.attacker.send(hello)
    await target.attacker.readHello()
    target.attacker.send(target.attacker.agree(hello).seal([unhex('0000')]))
    await refused(target, { code: 'P2P_DECIPHER' })
  })

  it('that sends the victim\'s own bytes back: a cipher error and never "myself"', async () => {
    const target = victim()
    target.attacker.send(await target.attacker.readHello())
    const metadata = await target.attacker.wire.read()
    assert.ok(metadata instanceof Uint8Array)
    target.attacker.send(metadata)
    await refused(target, { code: 'P2P_DECIPHER' })
  })

  for (const [what, wire, expected] of [
    ['metadata in a chunk that is shorter than its tag', '000f', { code: 'P2P_INVALID_INCOMING_CIPHERTEXT_SIZE', sizeBytes: 15 }],
    ['metadata with a wrong tag', `0012${'00'.repeat(18)}`, { code: 'P2P_DECIPHER' }]
  ] as const) {
    it(`with ${what}`, async () => {
      const target = victim()
      target.attacker.send(target.attacker.hello(), unhex(wire))
      await refused(target, expected)
    })
  }

  for (const [what, metadata, fault] of [['nothing in its metadata', '', 'not-enough-data'], ['too little in its metadata', '00', 'not-enough-data'], ['too much in its metadata', '000000', 'extra-bytes']] as const) {
    it(`with ${what}`, async () => {
      const target = victim()
      const hello = target.attacker.hello()
      target.attacker.send(hello)
      await target.attacker.readHello()
      target.attacker.send(target.attacker.agree(hello).seal([unhex(metadata)]))
      await refused(target, { code: 'P2P_DECODING', fault })
    })
  }

  const answers: ReadonlyArray<readonly [string, Uint8Array, object]> = [
    ['an answer of an unknown kind', unhex('02'), { code: 'P2P_DECODING', fault: 'unexpected-tag' }],
    ['an empty answer', unhex(''), { code: 'P2P_DECODING', fault: 'not-enough-data' }],
    ['an answer with more behind it', unhex('0000'), { code: 'P2P_DECODING', fault: 'extra-bytes' }],
    ['101 points', nackWith(101), { code: 'P2P_DECODING', fault: 'list-too-long' }],
    ['100 points', nackWith(100), { code: 'P2P_REJECTED_BY_NACK', motive: 'too-many-connections' }],
    ['a point that is none', Buffer.concat([unhex('010001'), encode(bytes(), encode(string(), 'evil.example:1'))]), { code: 'P2P_DECODING', fault: 'exception-raised-in-user-function' }],
    ['a refusal of the old kind', unhex('ff'), { code: 'P2P_REJECTED_BY_NACK', motive: 'no-motive', alternativePoints: undefined }]
  ]
  for (const [what, answer, expected] of answers) {
    it(`with ${what}`, async () => {
      const target = victim()
      const channel = await target.attacker.authenticate()
      target.attacker.send(channel.seal([answer]))
      await refused(target, expected)
    })
  }

  it('that closes instead of an answer', async () => {
    const target = victim()
    await target.attacker.authenticate()
    target.attacker.wire.abort(new Error('gone'))
    await refused(target, (error: unknown) => (error as { code?: string }).code === 'P2P_REJECTED_SOCKET_CONNECTION' && ConnectionClosedError.is((error as Error).cause))
  })

  it('with an answer that is encrypted for somebody else', async () => {
    const target = victim()
    await target.attacker.authenticate()
    target.attacker.send(unhex(`0011${'00'.repeat(17)}`))
    await refused(target, { code: 'P2P_INVALID_AUTH' })
  })

  const messages: ReadonlyArray<readonly [string, (attacker: Attacker) => Uint8Array, object, Encoding<unknown>?]> = [
    ['a chunk that it has sent before', ({ channel }) => {
      const wire = channel?.seal([encode(bytes(), unhex('aa'))]) ?? unhex('')
      return Buffer.concat([unhex('0010'), wire.subarray(2, 18)])
    }, { code: 'P2P_DECIPHER' }],
    ['a chunk of one byte less than a tag', () => unhex('000f'), { code: 'P2P_INVALID_INCOMING_CIPHERTEXT_SIZE' }],
    ['a chunk of no bytes', () => unhex('0000'), { code: 'P2P_INVALID_INCOMING_CIPHERTEXT_SIZE' }],
    ['a header of 100 MiB', ({ channel }) => channel?.seal([unhex('06400000')]) ?? unhex(''), { code: 'P2P_DECODING', fault: 'size-limit-exceeded' }],
    ['a header of its own limit and more', ({ channel }) => channel?.seal([unhex('00000011')]) ?? unhex(''), { code: 'P2P_DECODING', fault: 'size-limit-exceeded' }, checkSize(bytes(), 20) as Encoding<unknown>],
    ['a header below zero', ({ channel }) => channel?.seal([unhex('ffffffff')]) ?? unhex(''), { code: 'P2P_DECODING', fault: 'invalid-int' }],
    ['garbage where a choice belongs', ({ channel }) => channel?.seal([unhex(`00000010${'ff'.repeat(16)}`)]) ?? unhex(''), { code: 'P2P_DECODING', fault: 'unexpected-tag' }, dynamicSize(option(string())) as Encoding<unknown>],
    ['bytes behind a message of a known size', ({ channel }) => channel?.seal([unhex('000000020000')]) ?? unhex(''), { code: 'P2P_DECODING', fault: 'extra-bytes' }, dynamicSize(option(string())) as Encoding<unknown>]
  ]
  for (const [what, wire, expected, encoding] of messages) {
    it(`with ${what}, after it was accepted`, async () => {
      const target = victim(encoding === undefined ? {} : { encoding })
      await target.attacker.accepted()
      target.attacker.send(wire(target.attacker))
      await refused(target, expected)
    })
  }

  it('that replays a whole chunk', async () => {
    const target = victim()
    const channel = await target.attacker.accepted()
    const first = channel.seal([unhex('00000001')]) // the header of a message that is not complete
    target.attacker.send(first, first)
    await refused(target, { code: 'P2P_DECIPHER' })
  })

  it('that sends one byte a second is out of time', async () => {
    const target = victim()
    for (const byte of target.attacker.hello()) {
      target.attacker.send(Uint8Array.of(byte))
      await target.clock.advanceAsync(1_000)
    }
    await refused(target, { code: 'P2P_HANDSHAKE_TIMEOUT', step: 'authenticate', timeoutMs: P2P_SOCKET_DEFAULTS.authenticationTimeoutMs })
  })

  it('that never answers is out of time', async () => {
    const target = victim()
    await target.attacker.authenticate()
    await target.clock.advanceAsync(P2P_SOCKET_DEFAULTS.authenticationTimeoutMs)
    await refused(target, { code: 'P2P_HANDSHAKE_TIMEOUT', step: 'accept' })
  })

  it('that stops anywhere in the handshake and closes', async () => {
    const cut = (whole: Uint8Array, at: number): Uint8Array => whole.subarray(0, at)
    for (let at = 0; at < 107; at += 7) {
      const target = victim()
      target.attacker.send(cut(target.attacker.hello(), at))
      target.attacker.wire.abort(new Error('gone'))
      await refused(target, ConnectionClosedError.is)
    }
    for (let at = 0; at < 20; at++) {
      const target = victim()
      const hello = target.attacker.hello()
      target.attacker.send(hello)
      await target.attacker.readHello()
      target.attacker.send(cut(target.attacker.agree(hello).seal([unhex('0000')]), at))
      target.attacker.wire.abort(new Error('gone'))
      await refused(target, ConnectionClosedError.is)
    }
    for (let at = 0; at < 19; at++) {
      const target = victim()
      const channel = await target.attacker.authenticate()
      target.attacker.send(cut(channel.seal([unhex('00')]), at))
      target.attacker.wire.abort(new Error('gone'))
      await refused(target, { code: 'P2P_REJECTED_SOCKET_CONNECTION' })
    }
  })

  it('that stops anywhere in a message and closes', async () => {
    const size = 4 + 3 + 18
    for (let at = 0; at < size; at++) {
      const target = victim()
      const channel = await target.attacker.accepted()
      target.attacker.send(channel.seal([encode(bytes(), unhex('aabbcc'))]).subarray(0, at))
      target.attacker.wire.abort(new Error('gone'))
      await refused(target, ConnectionClosedError.is)
    }
  })
})
