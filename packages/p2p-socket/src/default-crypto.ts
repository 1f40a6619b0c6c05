import { nobleCrypto } from './noble-crypto.ts'
import type { P2pCrypto } from './p2p-crypto.ts'
import { loadSodiumCrypto } from './sodium-crypto.ts'

/** What `load` gives, or the fallback where it throws: no binary for this machine, so slower, and the same bytes. */
export function cryptoOr (fallback: P2pCrypto, load: () => P2pCrypto): P2pCrypto {
  try {
    return load()
  } catch {
    return fallback
  }
}

/** libsodium's where its binary runs on this machine, `nobleCrypto` elsewhere. */
export const defaultCrypto: P2pCrypto = cryptoOr(nobleCrypto, loadSodiumCrypto)
