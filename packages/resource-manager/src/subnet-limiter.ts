import type { IpAddress } from './ip-address.ts'
import { parseSubnet, type Subnet, subnetHas, subnetKey, subnetOf, subnetText } from './subnet.ts'
import { SubnetCount } from './subnet-count.ts'
import type { SubnetConnLimit, SubnetLimits } from './subnet-limits.ts'

interface NetworkLimit {
  readonly subnet: Subnet
  /** `undefined` for a network without a limit. */
  readonly count: SubnetCount | undefined
}

/** The subnets of one size that have connections. */
interface Level extends SubnetConnLimit {
  readonly counts: Map<number | bigint, SubnetCount>
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
  readonly #v4: readonly Level[]
  readonly #v6: readonly Level[]

  constructor ({ v4, v6, networks }: SubnetLimits) {
    this.#v4 = levelsOf(v4)
    this.#v6 = levelsOf(v6)
    const table: Map<number | bigint, SubnetCount> = new Map()
    this.#networks = networks.map(({ network, conns }, key) => {
      const subnet = parseSubnet(network)
      const count = new SubnetCount({ limit: conns, parent: undefined, prefix: () => subnetText(subnet), hint: 'raise its limit in subnetLimits.networks', table, key })
      return { subnet, count: conns === Infinity ? undefined : count }
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

function levelsOf (limits: readonly SubnetConnLimit[]): Level[] {
  return limits.filter(({ conns }) => conns !== Infinity).map(limit => ({ ...limit, counts: new Map() })).sort((a, b) => b.prefixLength - a.prefixLength)
}

// The finest level first: its count knows the wider ones, so that a subnet that has connections costs one look-up.
function countAt (levels: readonly Level[], at: number, address: IpAddress): SubnetCount | undefined {
  const level = levels[at]
  if (level === undefined) return undefined
  const { counts: table, prefixLength, conns } = level
  const key = subnetKey(address, prefixLength)
  return table.get(key) ?? new SubnetCount({
    limit: conns,
    parent: countAt(levels, at + 1, address),
    prefix: () => subnetText(subnetOf(address, prefixLength)),
    hint: `raise subnetLimits.v${address.version}, or put the address on the allowlist`,
    table,
    key
  })
}
