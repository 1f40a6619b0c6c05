import { sign, verify } from 'node:crypto'
import { CipherState, ed25519PublicKey, type KeyPair, newX25519, sha256, sharedSecret, TAG_BYTES, twoKeys } from './crypto.ts'

const NAME = Buffer.from('Noise_XX_25519_ChaChaPoly_SHA256')
const SIGNED_PREFIX = Buffer.from('noise-libp2p-static-key:')
const ED25519_KEY_HEAD = Buffer.from('08011220', 'hex')
const KEY_BYTES = 32
const EMPTY = Buffer.alloc(0)

/** Who a node is: its identity, and the static key that the identity signs. */
export interface NoiseIdentity {
  readonly identity: KeyPair
  readonly noiseKey: KeyPair
}

/** How handshake messages come and go: each is one noise message, its length is the carrier's affair. */
export interface NoiseMessages {
  receive (): Promise<Buffer>
  send (message: Buffer): void
}

export interface NoiseResult {
  readonly sending: CipherState
  readonly receiving: CipherState
  /** Raw Ed25519. */
  readonly remoteKey: Buffer
}

/** The state of one handshake: the hash, the chaining key and the cipher that it makes. */
class Handshake {
  // The name is exactly as long as a hash, so it is taken as it is.
  #hash: Buffer = NAME
  #chainingKey: Buffer = NAME
  #cipher: CipherState | undefined
  readonly #own: NoiseIdentity
  readonly ephemeral: KeyPair = newX25519()

  constructor (own: NoiseIdentity) {
    this.#own = own
  }

  mixHash (data: Uint8Array): void {
    this.#hash = sha256(this.#hash, data)
  }

  mixKey (own: KeyPair, remote: Uint8Array): void {
    const [chainingKey, key] = twoKeys(this.#chainingKey, sharedSecret(own, remote))
    this.#chainingKey = chainingKey
    this.#cipher = new CipherState(key)
  }

  seal (plain: Uint8Array): Buffer {
    const sealed = this.#cipher === undefined ? Buffer.from(plain) : Buffer.concat(this.#cipher.seal([plain], this.#hash))
    this.mixHash(sealed)
    return sealed
  }

  open (sealed: Uint8Array): Buffer {
    const plain = this.#cipher === undefined ? Buffer.from(sealed) : this.#cipher.open(sealed, this.#hash)
    this.mixHash(sealed)
    return plain
  }

  /** Who we are, signed, with the muxer that we speak. */
  payload (): Buffer {
    const { identity, noiseKey } = this.#own
    const signature = sign(null, Buffer.concat([SIGNED_PREFIX, noiseKey.publicKey]), identity.privateKey)
    const muxer = field(2, Buffer.from('/yamux/1.0.0'))
    return Buffer.concat([field(1, Buffer.concat([ED25519_KEY_HEAD, identity.publicKey])), field(2, signature), field(4, muxer)])
  }

  split (): [CipherState, CipherState] {
    const [first, second] = twoKeys(this.#chainingKey, EMPTY)
    return [new CipherState(first), new CipherState(second)]
  }
}

/** A length-delimited protobuf field; everything here is shorter than 128 bytes. */
function field (number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(number << 3 | 2, bytes.byteLength), bytes])
}

/** @returns the identity's raw key @throws when it did not sign the static key */
function checkPayload (payload: Buffer, remoteStatic: Uint8Array): Buffer {
  let identity: Buffer = EMPTY
  let signature: Buffer = EMPTY
  for (let at = 0; at < payload.byteLength;) {
    const tag = payload[at] ?? 0
    const end = at + 2 + (payload[at + 1] ?? 0)
    if (tag === 10) identity = payload.subarray(at + 2, end)
    if (tag === 18) signature = payload.subarray(at + 2, end)
    at = end
  }
  const key = identity.subarray(ED25519_KEY_HEAD.byteLength)
  if (!verify(null, Buffer.concat([SIGNED_PREFIX, remoteStatic]), ed25519PublicKey(key), signature)) throw new Error('the identity did not sign the static key')
  return key
}

/** Noise XX as libp2p has it, from the side that dialled. */
export async function noiseInitiator (own: NoiseIdentity, messages: NoiseMessages): Promise<NoiseResult> {
  const state = new Handshake(own)
  state.mixHash(EMPTY)
  state.mixHash(state.ephemeral.publicKey)
  messages.send(Buffer.concat([state.ephemeral.publicKey, state.seal(EMPTY)]))

  const second = await messages.receive()
  const remoteEphemeral = second.subarray(0, KEY_BYTES)
  state.mixHash(remoteEphemeral)
  state.mixKey(state.ephemeral, remoteEphemeral)
  const remoteStatic = state.open(second.subarray(KEY_BYTES, 2 * KEY_BYTES + TAG_BYTES))
  state.mixKey(state.ephemeral, remoteStatic)
  const remoteKey = checkPayload(state.open(second.subarray(2 * KEY_BYTES + TAG_BYTES)), remoteStatic)

  const ownStatic = state.seal(own.noiseKey.publicKey)
  state.mixKey(own.noiseKey, remoteEphemeral)
  messages.send(Buffer.concat([ownStatic, state.seal(state.payload())]))
  const [sending, receiving] = state.split()
  return { sending, receiving, remoteKey }
}

/** Noise XX as libp2p has it, from the side that was dialled. */
export async function noiseResponder (own: NoiseIdentity, messages: NoiseMessages): Promise<NoiseResult> {
  const state = new Handshake(own)
  state.mixHash(EMPTY)
  const first = await messages.receive()
  const remoteEphemeral = first.subarray(0, KEY_BYTES)
  state.mixHash(remoteEphemeral)
  state.open(first.subarray(KEY_BYTES))

  state.mixHash(state.ephemeral.publicKey)
  state.mixKey(state.ephemeral, remoteEphemeral)
  const ownStatic = state.seal(own.noiseKey.publicKey)
  state.mixKey(own.noiseKey, remoteEphemeral)
  messages.send(Buffer.concat([state.ephemeral.publicKey, ownStatic, state.seal(state.payload())]))

  const third = await messages.receive()
  const remoteStatic = state.open(third.subarray(0, KEY_BYTES + TAG_BYTES))
  state.mixKey(state.ephemeral, remoteStatic)
  const remoteKey = checkPayload(state.open(third.subarray(KEY_BYTES + TAG_BYTES)), remoteStatic)
  const [receiving, sending] = state.split()
  return { sending, receiving, remoteKey }
}
