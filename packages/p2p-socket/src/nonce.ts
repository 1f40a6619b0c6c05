/**
 * Adds one to a big-endian number in place.
 *
 * @returns false when it went over its end and is zero now: in a session every nonce is used up then
 * @see reference/tezos-p2p.md 2.4
 */
export function incrementNonce (nonce: Uint8Array): boolean {
  for (let i = nonce.length - 1; i >= 0; i--) {
    const next = ((nonce[i] ?? 0) + 1) & 0xff
    nonce[i] = next
    if (next !== 0) return true
  }
  return false
}
