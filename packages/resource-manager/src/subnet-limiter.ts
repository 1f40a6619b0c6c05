import { type IpAddress, parseSubnet, type Subnet, subnetHas, subnetKey } from '@weir/network'
import { SubnetCount, type SubnetLevel } from './subnet-count.ts'
import type { SubnetConnLimit, SubnetLimits } from './subnet-limits.ts'

interface NetworkLimit {
  readonly subnet: Subnet
  /** `undefined` for a network without a limit. */
  readonly count: SubnetCount | undefined
}

/**
 * Bounds how many connections the hosts of one subnet have together. Holds an entry for each subnet that has connections,
 * and no other: never more than there are connections.
 *
 * @see reference/go-libp2p.md 2.9
 */
export class SubnetLimiter {
  /** Whether there is nothing to count, so that no address has to be looked at. */
  readonly isEmpty: boolean
  readonly #networks: readonly NetworkLimit[]
  readonly #v4: readonly SubnetLevel[]
  readonly #v6: readonly SubnetLevel[]

  constructor ({ v4, v6, networks }: SubnetLimits) {
    this.#v4 = levelsOf(v4, 'raise subnetLimits.v4, or put the address on the allowlist')
    this.#v6 = levelsOf(v6, 'raise subnetLimits.v6, or put the address on the allowlist')
    this.#networks = networks.map(({ network, conns }) => {
      const subnet = parseSubnet(network)
      if (conns === Infinity) return { subnet, count: undefined }
      const level = { prefixLength: subnet.prefixLength, conns, hint: 'raise its limit in subnetLimits.networks', counts: new Map() }
      return { subnet, count: new SubnetCount(level, 0, subnet, undefined) }
    }).sort((a, b) => b.subnet.prefixLength - a.subnet.prefixLength)
    this.isEmpty = this.#v4.length === 0 && this.#v6.length === 0 && this.#networks.every(({ count }) => count === undefined)
  }

  /** How many subnets have connections, of all sizes together. */
  get numSubnets (): number {
    return [...this.#v4, ...this.#v6].reduce((sum, { counts }) => sum + counts.size, 0)
  }

  /**
   * The count that a connection of this address belongs to, not entered yet; `undefined` where there is no limit.
   *
   * @param networksOnly - leaves out the limits per subnet size: the operator has spoken about this address by other means
   */
  of (address: IpAddress, networksOnly: boolean): SubnetCount | undefined {
    for (const { subnet, count } of this.#networks) {
      if (subnetHas(subnet, address)) return count
    }
    return networksOnly ? undefined : countAt(address.version === 4 ? this.#v4 : this.#v6, 0, address)
  }
}

function levelsOf (limits: readonly SubnetConnLimit[], hint: string): SubnetLevel[] {
  return limits.filter(({ conns }) => conns !== Infinity).map(limit => ({ ...limit, hint, counts: new Map() })).sort((a, b) => b.prefixLength - a.prefixLength)
}

// The finest level first: its count knows the wider ones, so that a subnet that has connections costs one look-up.
function countAt (levels: readonly SubnetLevel[], at: number, address: IpAddress): SubnetCount | undefined {
  const level = levels[at]
  if (level === undefined) return undefined
  const key = subnetKey(address, level.prefixLength)
  return level.counts.get(key) ?? new SubnetCount(level, key, address, countAt(levels, at + 1, address))
}
