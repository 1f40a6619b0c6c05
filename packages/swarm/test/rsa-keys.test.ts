import assert from 'node:assert/strict'
import { createPublicKey, randomBytes } from 'node:crypto'
import type { ConnectionEncrypter } from '@libp2p/interface'
import { noise } from '@libp2p/noise'
import { recordingResourceManager } from '@weir/compliance'
import { DialError, UpgradeError } from '../src/index.ts'
import { acquaint, ANY_PORT, swarmPair, until } from './swarm-pair.ts'

/** A public key that nobody has the other half of: to make one of this size would take minutes, to verify with it seconds. */
function rsaPublicKey (bits: number): Uint8Array {
  const modulus = Buffer.concat([Buffer.of(0x80), randomBytes(bits / 8 - 2), Buffer.of(1)])
  return createPublicKey({ key: { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' }, format: 'jwk' }).export({ type: 'spki', format: 'der' })
}

/** Says that it has this key, with an empty signature for a proof. */
function liar (bits: number): (components: Parameters<ReturnType<typeof noise>>[0]) => ConnectionEncrypter {
  const privateKey = { type: 'RSA', publicKey: { type: 'RSA', raw: rsaPublicKey(bits) }, sign: async () => new Uint8Array(bits / 8) }
  return components => noise()({ ...components, privateKey } as never)
}

// R5, CVE-2023-39533. The bound is that of @libp2p/crypto, where Noise reads the key: it is refused before any use of it.
describe('a remote that claims a large RSA key', () => {
  for (const [bits, why] of [[16_384, /Key size is too large/], [8_200, /Key size is too large/], [4_096, /Payload identity key .* does not match/]] as const) {
    it(`of ${bits} bits is refused ${bits > 8_192 ? 'before it is used' : 'for not being who was dialled'}`, async () => {
      const scopes = recordingResourceManager()
      await using pair = await swarmPair({ resourceManager: scopes }, { encrypters: [liar(bits)] })
      await assert.rejects(pair.a.dialPeer(pair.b.localPeer), (error: unknown) => {
        assert(DialError.is(error))
        const cause = error.failures[0]?.cause
        assert(UpgradeError.is(cause) && cause.step === 'security', String(cause))
        assert.match(String(cause.cause), why)
        return true
      })
      await pair.a.listen(ANY_PORT)
      acquaint(pair.b, pair.a)
      await pair.b.dialPeer(pair.a.localPeer).catch(() => {}) // it may think for a moment that it is in
      await until(() => scopes.leftOpen().length === 0 && pair.a.conns().length === 0, 'nothing is left of it')
    })
  }
})
