import type { IpAddress, Subnet } from '@weir/network'
import { NONE } from './subnet-nodes.ts'

// So many first bits are looked up at once; subnets that have fewer stand in a tree of their own, which is small.
const DIRECT_BITS = { 4: 16, 6: 24 } as const

/** Where the trees of subnets begin: many small ones by their first bits, and one for each version with what is larger. */
export class SubnetTops {
  readonly #direct: { readonly 4: Map<number, number>, readonly 6: Map<number, number> } = { 4: new Map(), 6: new Map() }
  readonly #large: { 4: number, 6: number } = { 4: NONE, 6: NONE }

  /** The top of the tree that the subnet belongs to. */
  of (subnet: Subnet): number {
    return isLarge(subnet) ? this.large(subnet) : this.direct(subnet)
  }

  set (subnet: Subnet, top: number): void {
    if (isLarge(subnet)) this.#large[subnet.version] = top
    else if (top === NONE) this.#direct[subnet.version].delete(directKey(subnet))
    else this.#direct[subnet.version].set(directKey(subnet), top)
  }

  direct (address: IpAddress): number {
    return this.#direct[address.version].get(directKey(address)) ?? NONE
  }

  large ({ version }: IpAddress): number {
    return this.#large[version]
  }

  * all (): Generator<readonly [top: number, version: 4 | 6]> {
    for (const version of [4, 6] as const) {
      if (this.#large[version] !== NONE) yield [this.#large[version], version]
      for (const top of this.#direct[version].values()) yield [top, version]
    }
  }
}

function isLarge ({ version, prefixLength }: Subnet): boolean {
  return prefixLength < DIRECT_BITS[version]
}

function directKey ({ version, a }: IpAddress): number {
  return a >>> 32 - DIRECT_BITS[version]
}
