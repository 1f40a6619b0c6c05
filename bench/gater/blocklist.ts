import { seededRandom } from '@weir/compliance'

/** So many addresses and subnets, three of ten of them of version 6, the same in every run. */
export interface Blocklist {
  readonly addrs: readonly string[]
  readonly subnets: readonly string[]
}

export function blocklist (numAddrs: number, numSubnets: number): Blocklist {
  const random = seededRandom(1)
  const addrs = new Set<string>()
  while (addrs.size < numAddrs) addrs.add(random() < 0.7 ? randomV4(random) : randomV6(random))
  const subnets = new Set<string>()
  while (subnets.size < numSubnets) subnets.add(random() < 0.7 ? `${randomV4(random)}/${18 + Math.floor(random() * 13)}` : `${randomV6(random)}/${29 + Math.floor(random() * 36)}`)
  return { addrs: [...addrs], subnets: [...subnets] }
}

export function randomV4 (random: () => number): string {
  return Array.from({ length: 4 }, (_, i) => i === 0 ? 1 + Math.floor(random() * 223) : Math.floor(random() * 256)).join('.')
}

export function randomV6 (random: () => number): string {
  const group = (): string => (1 + Math.floor(random() * 0xffff)).toString(16) // never 0, so that this is the short form
  return `2${group().padStart(3, '0').slice(-3)}:${Array.from({ length: 7 }, group).join(':')}`
}
