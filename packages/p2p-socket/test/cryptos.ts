import type { P2pCrypto } from '../src/index.ts'
import { loadSodiumCrypto, nobleCrypto } from '../src/index.ts'

/** Both libraries: everything that uses one is tested with each. */
export const CRYPTOS: readonly P2pCrypto[] = [loadSodiumCrypto(), nobleCrypto]

/** A block of tests for each library. */
export function eachCrypto (title: string, block: (crypto: P2pCrypto) => void): void {
  for (const crypto of CRYPTOS) describe(`${title}, with ${crypto.name}`, () => { block(crypto) })
}

export function hex (bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

export function unhex (text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}
