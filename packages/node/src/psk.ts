import type { ConnectionProtector } from '@libp2p/interface'
import { preSharedKey } from '@libp2p/pnet'
import { InvalidPskError } from './errors.ts'

const HEADER = /^\/key\/swarm\/psk\/1\.0\.0\/\r?\n\/base16\/\r?\n[0-9a-f]{64}\s*$/i

/**
 * The protector of a private network.
 *
 * @param psk - what is in the network's key file, as `ipfs-swarm-key-gen` and `@libp2p/pnet` make it
 * @throws {InvalidPskError} when it is no such file; its content is not shown
 */
export function protectorOf (psk: Uint8Array): ConnectionProtector {
  // The decoder takes the third line whatever the first two say: a file in another coding would give a wrong key, and
  // two nodes would not hear each other without a word why.
  if (!HEADER.test(new TextDecoder('latin1').decode(psk))) throw new InvalidPskError()
  return preSharedKey({ psk })()
}
