import type { Random } from '@weir/network'

/** Numbers in [0, 1) that look random and are the same for the same seed. Not for cryptography. @param seed - a whole number */
export function seededRandom (seed: number): Random {
  let state = seed >>> 0
  return () => {
    // A Weyl sequence, whose steps are then mixed.
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}
