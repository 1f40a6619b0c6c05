/** A number in [0, 1), injected, so that tests repeat. Not for cryptography. */
export type Random = () => number

export const systemRandom: Random = Math.random
