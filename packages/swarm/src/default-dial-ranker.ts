import { isPrivate } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { AddrDelay, DialRanker } from '@weir/network'
import { DIAL_RANKER_DEFAULTS } from './defaults.ts'

function staggered (addrs: readonly Multiaddr[], stepMs: number): AddrDelay[] {
  return addrs.map((addr, index) => ({ addr, delayMs: index * stepMs }))
}

/**
 * Private and public addresses side by side, each group one after another in the order given.
 *
 * @see reference/go-libp2p.md 5.3
 */
export const defaultDialRanker: DialRanker = addrs => {
  const isLocal = addrs.map(addr => isPrivate(addr))
  return [
    ...staggered(addrs.filter((_, index) => isLocal[index]), DIAL_RANKER_DEFAULTS.privateStepMs),
    ...staggered(addrs.filter((_, index) => !isLocal[index]), DIAL_RANKER_DEFAULTS.publicStepMs)
  ]
}
