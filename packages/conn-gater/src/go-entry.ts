import { ipAddressText, subnetText } from '@weir/network'
import type { EntryKey } from './entry-key.ts'

/**
 * Whether this is how go-libp2p's gater writes an entry: it repeats the key, as raw bytes of a peer id or an address, or as the text
 * of a subnet.
 *
 * Of a peer only the form is looked at, that of a multihash with the identity or SHA-256.
 */
export function isGoEntry (about: EntryKey, value: Uint8Array): boolean {
  if (about.list !== 'blocked' || isOurs(value)) return false
  if (about.type === 'peer') return value.length >= 34 && (value[0] === 0x00 || value[0] === 0x12) && value[1] === value.length - 2
  if (about.type === 'subnet') return new TextDecoder().decode(value) === subnetText(about.key)
  return textOfRaw(value) === ipAddressText(about.key)
}

/** A cheap look, since nearly all are: JSON of ours begins so, and is never as long as an address. */
function isOurs (value: Uint8Array): boolean {
  return value[0] === 0x7b && value.length !== 4 && value.length !== 16
}

function textOfRaw (value: Uint8Array): string | undefined {
  if (value.length !== 4 && value.length !== 16) return undefined
  const view = new DataView(value.buffer, value.byteOffset, value.length)
  const word = (at: number): number => value.length === 16 ? view.getInt32(at) : 0
  const mapped = word(0) === 0 && word(4) === 0 && word(8) === 0xffff
  if (value.length === 4 || mapped) return ipAddressText({ version: 4, a: view.getInt32(value.length - 4), b: 0, c: 0, d: 0 })
  return ipAddressText({ version: 6, a: word(0), b: word(4), c: word(8), d: word(12) })
}
