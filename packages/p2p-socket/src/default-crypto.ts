import { nobleCrypto } from './noble-crypto.ts'
import type { P2pCrypto } from './p2p-crypto.ts'
import { loadSodiumCrypto } from './sodium-crypto.ts'

function load (): P2pCrypto {
  try {
    return loadSodiumCrypto()
  } catch {
    return nobleCrypto // no binary for this machine: slower, and the same bytes
  }
}

/** libsodium's where its binary runs on this machine, `nobleCrypto` elsewhere. */
export const defaultCrypto: P2pCrypto = load()
