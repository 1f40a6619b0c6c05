import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { LowOrderPublicKeyError, loadSodiumCrypto, nobleCrypto, defaultCrypto } from '../src/index.ts'
import { cryptoOr } from '../src/default-crypto.ts'
import { incrementNonce } from '../src/nonce.ts'
import { CRYPTOS, eachCrypto, hex, unhex } from './cryptos.ts'
import { BOX, M1 } from './vectors.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

eachCrypto('P2pCrypto', crypto => {
  const digest = (length: number, input: string): string => {
    const out = new Uint8Array(length)
    crypto.blake2b(out, text(input))
    return hex(out)
  }

  it('hashes to any length (V1)', () => {
    assert.equal(digest(32, 'hello world'), '256c83b297114d201b30179f3f0ef0cace9783622da5974326b436178aeef610')
    assert.equal(digest(16, 'hello world'), 'e9a804b2e527fd3601d2ffc0bb023cd6')
    assert.deepEqual(['foo', 'bar', 'baz'].map(each => digest(16, each)), ['04136e24f85d470465c3db66e58ed56c', '318968427e16b17ebdd49cf7f22b79bd', '569560edbc1c87025c41ed5fa675724a'])
  })

  it('makes the published key and box (V6), and opens it again', () => {
    const key = crypto.boxBeforeNm(unhex('96678b88756dd6cfd6c129980247b70a6e44da77823c3672a2ec0eae870d8646'), unhex('a18dc11cb480ebd31081e1541df8bd70c57da0fa419b5036242f8619d605e75a'))
    assert.equal(hex(key), '5228751a6f5a6494e38e1042f578e3a64ae3462b7899356f49e50be846c9609c')
    const nonce = unhex('8dde158c55cff52f4be9352787d333e616a67853640d72c5')
    const box = new Uint8Array(BOX.length)
    crypto.seal(box, M1, nonce, key)
    assert.equal(hex(box), hex(BOX))
    assert.equal(crypto.open(box.subarray(16), box, nonce, key), true)
    assert.equal(hex(box.subarray(16)), hex(M1))
  })

  it('opens nothing that was changed, nor with another nonce or key', () => {
    const [key, nonce, plaintext] = [unhex('11'.repeat(32)), unhex('22'.repeat(24)), text('a message')]
    const open = (box: Uint8Array, nonce: Uint8Array, key: Uint8Array): boolean => crypto.open(new Uint8Array(plaintext.length), box, nonce, key)
    const seal = (): Uint8Array => {
      const box = new Uint8Array(plaintext.length + 16)
      crypto.seal(box, plaintext, nonce, key)
      return box
    }
    for (let at = 0; at < seal().length; at++) {
      const box = seal()
      box[at] = (box[at] ?? 0) ^ 1
      assert.equal(crypto.open(box.subarray(16), box, nonce, key), false, `byte ${at}`)
    }
    assert.equal(open(seal(), unhex('23'.repeat(24)), key), false)
    assert.equal(open(seal(), nonce, unhex('12'.repeat(32))), false)
    assert.equal(open(seal(), nonce, key), true)
  })

  it('refuses public keys with which every secret is shared', () => {
    for (const low of ['00'.repeat(32), `01${'00'.repeat(31)}`, 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800']) {
      assert.throws(() => crypto.boxBeforeNm(unhex(low), unhex('33'.repeat(32))), LowOrderPublicKeyError.is)
    }
  })
})

describe('the two libraries', () => {
  it('agree with each other and with crypto_box, whatever the keys and the message', () => {
    const sodium = createRequire(import.meta.url)('sodium-native') as { crypto_box_easy (box: Uint8Array, message: Uint8Array, nonce: Uint8Array, pk: Uint8Array, sk: Uint8Array): void }
    const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })
    fc.assert(fc.property(bytes(32), bytes(32), bytes(24), fc.uint8Array({ maxLength: 200 }), (skA, skB, nonce, message) => {
      const boxes = CRYPTOS.map(crypto => {
        const box = new Uint8Array(message.length + 16)
        crypto.seal(box, message, nonce, crypto.boxBeforeNm(crypto.publicKeyOf(skB), skA))
        return hex(box)
      })
      const box = new Uint8Array(message.length + 16)
      sodium.crypto_box_easy(box, message, nonce, nobleCrypto.publicKeyOf(skB), skA)
      assert.deepEqual(boxes, [hex(box), hex(box)])
    }), { numRuns: 25 })
  })

  it('are libsodium by default where it runs', () => {
    assert.equal(defaultCrypto.name, loadSodiumCrypto().name)
    assert.notEqual(defaultCrypto.name, nobleCrypto.name)
    assert.equal(cryptoOr(nobleCrypto, () => { throw new Error('no binary') }), nobleCrypto)
  })

  it('fill with something else each time', () => {
    for (const crypto of CRYPTOS) {
      const [a, b] = [new Uint8Array(24), new Uint8Array(24)]
      crypto.randomFill(a)
      crypto.randomFill(b)
      assert.notEqual(hex(a), hex(b))
    }
  })
})

describe('incrementNonce', () => {
  it('carries, and tells when it went over the end (V7)', () => {
    const cases: ReadonlyArray<readonly [string, string, boolean]> = [
      ['0000000000cff52f4be9352787d333e616a67853640d72c5', '0000000000cff52f4be9352787d333e616a67853640d72c6', true],
      ['ff'.repeat(24), '00'.repeat(24), false],
      [`${'00'.repeat(22)}ffff`, `${'00'.repeat(21)}010000`, true],
      [`${'00'.repeat(20)}ffffffff`, `${'00'.repeat(19)}0100000000`, true]
    ]
    for (const [from, to, goesOn] of cases) {
      const nonce = unhex(from)
      assert.equal(incrementNonce(nonce), goesOn)
      assert.equal(hex(nonce), to)
    }
  })
})
