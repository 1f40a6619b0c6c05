import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { PeerRef } from '@weir/network'

/** A peer that is no libp2p peer: cheap to make. */
export function testPeer (n: number): PeerRef {
  const text = `peer-${n}`
  return { type: 'test', toString: () => text }
}

export function testAddr (n: number): Multiaddr {
  return multiaddr(`/ip4/10.${n >> 16 & 255}.${n >> 8 & 255}.${n & 255}/tcp/4001`)
}

export function texts (values: readonly { toString (): string }[]): string[] {
  return values.map(value => value.toString())
}

export const ed25519Peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
export const otherPeer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
export const secp256k1Peer = peerIdFromPrivateKey(await generateKeyPair('secp256k1'))
export const rsaPeer = peerIdFromPrivateKey(await generateKeyPair('RSA', 2048))
