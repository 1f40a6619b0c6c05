import assert from 'node:assert/strict'
import { ackEncoding } from '../src/ack.ts'
import { bytes, decode, DISTRIBUTED_DB_TAGS, encode, opaqueCases, P2pPeerId, p2pMessageEncoding, type P2pPoint, p2pPoint, parsePoint, pointText, struct, uint16, unionCase } from '../src/index.ts'
import { hex, unhex } from './cryptos.ts'
import { ADVERTISE, MAINNET_NACK } from './vectors.ts'

const LONGEST: P2pPoint = parsePoint('[fe80:e828:209d:20ed:c0ae:fe80:e828:209d]:12345')
const points = (length: number): P2pPoint[] => Array.from({ length }, () => LONGEST)
const withSize = (body: Uint8Array, tag = ''): Uint8Array => Buffer.concat([encode(bytes(), Buffer.concat([unhex(tag), body]))])

describe('answers', () => {
  it('are the published bytes (V10)', () => {
    const list = [p2pPoint('127.0.0.1', 9_832)]
    const cases = [
      ['00', { kind: 'ack' }],
      ['ff', { kind: 'nack-v0' }],
      ['010003000000120000000e3132372e302e302e313a39383332', { kind: 'nack', motive: 'deprecated-p2p-version', points: list }],
      ['010002000000120000000e3132372e302e302e313a39383332', { kind: 'nack', motive: 'unknown-chain-name', points: list }]
    ] as const
    for (const [wire, answer] of cases) {
      assert.equal(hex(encode(ackEncoding, answer.kind === 'nack' ? { ...answer, points: [...answer.points] } : answer)), wire)
      assert.deepEqual(decode(ackEncoding, unhex(wire)), answer)
    }
  })

  it('are read from the main network: a motive and 18 points', () => {
    const answer = decode(ackEncoding, MAINNET_NACK)
    assert.ok(answer.kind === 'nack')
    assert.equal(answer.motive, 'too-many-connections')
    assert.equal(answer.points.length, 18)
    assert.deepEqual([answer.points[0], answer.points[17]].map(point => point && pointText(point)), ['213.239.201.79:9732', '203.243.29.137:9732'])
    assert.equal(hex(encode(ackEncoding, answer)), hex(MAINNET_NACK))
  })

  it('keep motives that are not known here', () => {
    for (const [wire, motive] of [['0100060000' + '0000', 6], ['01ffff0000' + '0000', -1], ['0100050000' + '0000', 'already-connected'], ['0100000000' + '0000', 'no-motive']] as const) {
      assert.deepEqual(decode(ackEncoding, unhex(wire)), { kind: 'nack', motive, points: [] })
      assert.equal(hex(encode(ackEncoding, { kind: 'nack', motive, points: [] })), wire)
    }
  })

  it('hold 100 points and not 101, both ways', () => {
    const answer = { kind: 'nack', motive: 'no-motive', points: points(100) } as const
    const wire = encode(ackEncoding, answer)
    assert.deepEqual(decode(ackEncoding, wire), answer)
    assert.throws(() => encode(ackEncoding, { ...answer, points: points(101) }), { code: 'P2P_ENCODING' })
    const one = wire.subarray(7, 7 + 51)
    const tooMany = Buffer.concat([unhex('010000'), encode(bytes(), Buffer.concat(Array.from({ length: 101 }, () => one)))])
    assert.throws(() => decode(ackEncoding, tooMany), { fault: 'list-too-long' })
  })

  it('are malformed with another tag, cut anywhere, with more behind them, and with points that are none', () => {
    assert.throws(() => decode(ackEncoding, unhex('02')), { fault: 'unexpected-tag' })
    assert.throws(() => decode(ackEncoding, unhex('')), { fault: 'not-enough-data' })
    for (const whole of [unhex('00'), unhex('ff'), MAINNET_NACK]) assert.throws(() => decode(ackEncoding, Buffer.concat([whole, unhex('00')])), { fault: 'extra-bytes' })
    for (let cut = 1; cut < MAINNET_NACK.length; cut++) assert.throws(() => decode(ackEncoding, MAINNET_NACK.subarray(0, cut)), { fault: 'not-enough-data' }, `cut at ${cut}`)
    for (const text of ['example.com:80', '127.0.0.1', '_:80', ':80', '[::1]', '1.2.3.4:70000', '']) {
      const point = encode(bytes(), Buffer.from(text))
      assert.throws(() => decode(ackEncoding, Buffer.concat([unhex('010000'), encode(bytes(), point)])), { fault: 'exception-raised-in-user-function' }, text)
    }
  })
})

describe('messages of a Tezos node', () => {
  const encoding = p2pMessageEncoding(opaqueCases(DISTRIBUTED_DB_TAGS))
  const peerId = P2pPeerId.parse('idsg2wkkDDv2cbEMK4zH49fjgyn7XT')

  it('are the published bytes (V11)', () => {
    const texts = ['[fe80::e828:209d:20e:c0ae]:375', '234.123.124.91:9876', '123.123.124.21:9876']
    const message = { kind: 'advertise', points: texts.map(parsePoint) } as const
    const wire = withSize(ADVERTISE, '0003')
    assert.equal(hex(encode(encoding, { ...message, points: [...message.points] })), hex(wire))
    assert.deepEqual(decode(encoding, wire), message)
  })

  it('are all told apart', () => {
    const all = [
      ['000000020001', { kind: 'disconnect' }],
      ['000000020002', { kind: 'bootstrap' }],
      ['000000060010deadbeef', { kind: 'message', message: { tag: 0x10, body: unhex('deadbeef') } }],
      [`0000002a000400000014${hex(Buffer.from('123.123.124.21:12345'))}${hex(peerId.toBytes())}`, { kind: 'swap-request', point: p2pPoint('123.123.124.21', 12_345), peerId }]
    ] as const
    for (const [wire, message] of all) {
      assert.equal(hex(encode(encoding, message)), wire)
      assert.deepEqual(decode(encoding, unhex(wire)), message)
      assert.equal(hex(encode(encoding, decode(encoding, unhex(wire)))), wire) // what a peer id holds is private, and not compared above
    }
    const ack = encode(encoding, { kind: 'swap-ack', point: LONGEST, peerId })
    assert.equal(hex(ack.subarray(4, 6)), '0005')
    assert.deepEqual(decode(encoding, ack), { kind: 'swap-ack', point: LONGEST, peerId })
  })

  it('advertise 100 points of the longest kind, and not 101', () => {
    const wire = encode(encoding, { kind: 'advertise', points: points(100) })
    assert.equal(wire.length, 4 + 2 + 5_100)
    assert.deepEqual(decode(encoding, wire), { kind: 'advertise', points: points(100) })
    assert.throws(() => encode(encoding, { kind: 'advertise', points: points(101) }), { code: 'P2P_ENCODING' })
    assert.throws(() => decode(encoding, withSize(Buffer.concat([wire.subarray(6), wire.subarray(6, 57)]), '0003')), { fault: 'list-too-long' })
  })

  it('swap with a point of 47 characters, not of 48, and with nothing behind it', () => {
    const swap = (text: string, more = ''): Uint8Array => withSize(Buffer.concat([encode(bytes(), Buffer.from(text)), peerId.toBytes(), unhex(more)]), '0004')
    assert.equal(pointText(LONGEST).length, 47)
    assert.deepEqual(decode(encoding, swap(pointText(LONGEST))), { kind: 'swap-request', point: LONGEST, peerId })
    assert.throws(() => decode(encoding, swap(`${'x'.repeat(48)}`)), { fault: 'size-limit-exceeded' })
    assert.throws(() => decode(encoding, swap(pointText(LONGEST), '00')), { fault: 'extra-bytes' })
  })

  it('are refused with a tag that is not known, and at a length of more than 100 MiB', () => {
    assert.throws(() => decode(encoding, unhex('000000020015')), { fault: 'unexpected-tag' })
    assert.throws(() => encoding.endOf(unhex('06400000'), 0), { fault: 'size-limit-exceeded' })
    assert.equal(encoding.endOf(unhex('063ffffc'), 0), 104_857_600)
    assert.throws(() => encoding.endOf(unhex('063ffffd'), 0), { fault: 'size-limit-exceeded' })
    assert.throws(() => encoding.endOf(unhex('ffffffff'), 0), { fault: 'invalid-int' })
  })

  it('carry the application\'s own', () => {
    const pings = p2pMessageEncoding<{ readonly n: number }>([
      unionCase<{ readonly n: number }, { readonly n: number }>({ tag: 0x10, encoding: struct<{ n: number }>({ n: uint16 }), project: ping => ({ inner: ping }), inject: ping => ping })
    ])
    assert.deepEqual(decode(pings, encode(pings, { kind: 'message', message: { n: 513 } })), { kind: 'message', message: { n: 513 } })
    assert.equal(hex(encode(pings, { kind: 'message', message: { n: 513 } })), '0000000400100201')
  })
})
