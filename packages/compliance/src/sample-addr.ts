import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'

/**
 * An address for a test, in a network for benchmarks (198.18.0.0/15), each in a /24 of its own.
 *
 * @param index - 0..511
 * @throws {RangeError} for any other
 */
export function sampleAddr (index: number): Multiaddr {
  if (!Number.isInteger(index) || index < 0 || index > 511) throw new RangeError(`there are 512 sample addresses, got ${index}`)
  return multiaddr(`/ip4/198.${18 + Math.floor(index / 256)}.${index % 256}.1/tcp/4001`)
}
