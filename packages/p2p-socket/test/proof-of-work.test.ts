import assert from 'node:assert/strict'
import fc from 'fast-check'
import { checkProofOfWork, identityOf, P2pPeerId, ProofOfWorkTarget } from '../src/index.ts'
import { CRYPTOS, eachCrypto, hex, unhex } from './cryptos.ts'
import { IDENTITIES } from './vectors.ts'

const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${hex(bytes.toReversed())}`)
const hash = (value: bigint): Uint8Array => unhex(value.toString(16).padStart(64, '0')).reverse()
const padded = (zeros: number, rest: string): string => '0'.repeat(zeros) + rest

describe('ProofOfWorkTarget', () => {
  it('makes the published targets of whole numbers (V5)', () => {
    const expected: ReadonlyArray<readonly [number, string]> = [
      [0, 'f'.repeat(64)], [1, `7${'f'.repeat(63)}`], [2, `3${'f'.repeat(63)}`], [16, padded(4, 'f'.repeat(60))], [24, padded(6, 'f'.repeat(58))],
      [26, padded(6, `3${'f'.repeat(57)}`)], [100, padded(25, 'f'.repeat(39))], [201, padded(50, '7fffffffffffff')], [202, padded(50, '3fffffffffffff')],
      [255, padded(63, '1')], [256, padded(64, '')]
    ]
    for (const [bits, text] of expected) assert.equal(new ProofOfWorkTarget(bits).value.toString(16).padStart(64, '0'), text, `${bits} bits`)
  })

  it('makes those of fractions to the last digits, which are the machine\'s (V5)', () => {
    for (const [bits, start] of [[3.5, '16a09e667f3bc'], [24.5, '000000b504f333f9de6'], [26.25, '00000035d13f32b5a75'], [26.1, '0000003bb6d0022f5614']] as const) {
      const text = new ProofOfWorkTarget(bits).value.toString(16).padStart(64, '0')
      assert.equal(text.slice(0, start.length), start, `${bits} bits`)
      assert.match(text.slice(24), /^.?f+$/)
    }
    assert.match(new ProofOfWorkTarget(203.5).value.toString(16), /^16a09e667f3bc[cd]$/)
  })

  it('reads a hash as a little-endian number, as V4 does', () => {
    assert.equal(littleEndian(unhex('65813cba342745fb8870cf192efd7abf5a7f7c0bb4852d33bcb8e8a521c88561')), 44110718228612227164362334473137928594922343768065507925100594771156402995557n)
    assert.equal(littleEndian(unhex('6a9b7e0243f052c67124d54abd23991734e7dad8a53ab7d82fd96b4e0b000000')), 304818138341606080779209476504996542811599673553028925663939963820906n)
    fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.integer({ min: 0, max: 256 }), (bytes, bits) => {
      const target = new ProofOfWorkTarget(bits)
      assert.equal(target.admits(bytes), littleEndian(bytes) <= target.value)
    }))
  })

  it('includes the target itself, and not one more', () => {
    for (const bits of [1, 24, 26, 200, 203, 255, 256]) {
      const target = new ProofOfWorkTarget(bits)
      assert.equal(target.admits(hash(target.value)), true)
      assert.equal(target.admits(hash(target.value + 1n)), false)
      assert.equal(target.admits(hash(0n)), true)
    }
    assert.equal(new ProofOfWorkTarget(0).admits(hash(2n ** 256n - 1n)), true)
  })

  it('refuses what is no number of bits', () => {
    for (const bits of [-1, 256.5, Number.NaN, Infinity]) assert.throws(() => new ProofOfWorkTarget(bits), RangeError)
  })
})

eachCrypto('published identities (V3)', crypto => {
  for (const [level, peerId, publicKey, secretKey, stamp] of IDENTITIES) {
    it(`${peerId} has its key, its id and ${level} bits of work`, () => {
      const identity = identityOf(unhex(secretKey), unhex(stamp), crypto)
      assert.equal(hex(identity.publicKey), publicKey)
      assert.equal(identity.peerId.toString(), peerId)
      assert.equal(P2pPeerId.parse(peerId).equals(identity.peerId), true)
      const check = (bits: number): boolean => checkProofOfWork(identity.publicKey, identity.proofOfWorkStamp, new ProofOfWorkTarget(bits), crypto)
      assert.equal(check(Math.floor(level)), true)
      assert.equal(check(Math.ceil(level)), false)
      assert.equal(check(24), level > 24)
    })
  }

  it('the first one\'s hash is the published one', () => {
    const [, , publicKey = '', , stamp = ''] = IDENTITIES[0] ?? []
    const out = new Uint8Array(32)
    crypto.blake2b(out, Buffer.concat([unhex(publicKey), unhex(stamp)]))
    assert.equal(hex(out), '6f5b26c392eee6b98fa6d6623055540834a4d563f1f8359233e2563d25000000')
  })
})

describe('P2pPeerId', () => {
  it('is made of a public key (V2), of bytes and of its text', () => {
    for (const crypto of CRYPTOS) {
      const id = P2pPeerId.ofPublicKey(unhex('2cc1b580f4b8b1f6dbd0aa1d9cde2655c2081c07d7e61249aad8b11d954fb01a'), crypto)
      assert.equal(hex(id.toBytes()), 'a158a0fb7958a4e8f0219960d1cd9fe8')
      assert.equal(`${id}`, 'idsg2wkkDDv2cbEMK4zH49fjgyn7XT')
      assert.equal(JSON.stringify({ id }), '{"id":"idsg2wkkDDv2cbEMK4zH49fjgyn7XT"}')
      assert.equal(P2pPeerId.fromBytes(id.toBytes()).equals(id), true)
      assert.equal(id.type, 'tezos')
    }
  })

  it('refuses what is none: another prefix, length, checksum or alphabet', () => {
    for (const text of ['', 'idsg2wkkDDv2cbEMK4zH49fjgyn7XU', 'idsg2wkkDDv2cbEMK4zH49fjgyn7X', 'QtRAcc9FSRg', '0OIl', 'tz1VSUr8wwNhLAzempoch5d6hLRiTh8Cjcjb']) {
      assert.throws(() => P2pPeerId.parse(text), { code: 'P2P_INVALID_PEER_ID', value: text })
    }
    assert.throws(() => P2pPeerId.fromBytes(new Uint8Array(15)), { code: 'P2P_INVALID_PEER_ID' })
  })
})
