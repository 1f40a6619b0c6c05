import { type IpAddress, type Subnet, subnetHas, subnetOf } from '@weir/network'
import type { Entry } from './entry.ts'
import type { EntryMap } from './entry-map.ts'
import type { ReasonTable } from './reason-table.ts'
import { NONE, SubnetNodes } from './subnet-nodes.ts'
import { SubnetTops } from './subnet-tops.ts'

/** What of the tree an address is in. */
export interface SubnetMatch {
  readonly subnet: Subnet
  readonly entry: Entry
}

/**
 * Entries by subnet, and which of them an address is in: binary trees of prefixes without those that lead one way only. A look-up
 * visits the subnets around the address, at most one for each bit; with n subnets at random, log2(n) less the bits that are looked
 * up at once. Some nodes are there only because two subnets part in them; there are fewer of those than of entries.
 */
export class SubnetTree implements EntryMap<Subnet> {
  readonly #nodes: SubnetNodes
  readonly #tops = new SubnetTops()
  #size = 0

  constructor (reasons: ReasonTable) {
    this.#nodes = new SubnetNodes(reasons)
  }

  get size (): number {
    return this.#size
  }

  get (subnet: Subnet): Entry | undefined {
    const node = this.#wayTo(subnet).at(-1)
    return node === undefined ? undefined : this.#nodes.entry(node)
  }

  /** The smallest subnet that the address is in and whose entry is not over. */
  match (address: IpAddress, nowMs: () => number): SubnetMatch | undefined {
    const nodes = this.#nodes
    const direct = nodes.lowestMatch(this.#tops.direct(address), address, nowMs)
    const found = direct === NONE ? nodes.lowestMatch(this.#tops.large(address), address, nowMs) : direct
    const entry = found === NONE ? undefined : nodes.entry(found)
    return entry === undefined ? undefined : { subnet: nodes.subnet(found, address.version), entry }
  }

  set (subnet: Subnet, entry: Entry): void {
    const nodes = this.#nodes
    let parent = NONE
    let node = this.#tops.of(subnet)
    while (node === NONE || nodes.prefixLength(node) !== subnet.prefixLength || !nodes.has(node, subnet)) {
      if (node === NONE || nodes.prefixLength(node) >= subnet.prefixLength || !nodes.has(node, subnet)) {
        node = this.#linkBetween(parent, node, subnet)
      } else {
        parent = node
        node = nodes.childFor(node, subnet)
      }
    }
    if (!nodes.hasEntry(node)) this.#size++
    nodes.setEntry(node, entry)
  }

  delete (subnet: Subnet): boolean {
    const nodes = this.#nodes
    const way = this.#wayTo(subnet)
    const last = way.at(-1)
    if (last === undefined || !nodes.hasEntry(last)) return false
    nodes.clearEntry(last)
    this.#size--
    // What is left without an entry and parts nothing goes; so may the one above it.
    for (let node = way.pop(); node !== undefined && !nodes.hasEntry(node); node = way.pop()) {
      const [zero, one] = [nodes.child(node, 0), nodes.child(node, 1)]
      if (zero !== NONE && one !== NONE) break
      this.#setChild(way.at(-1) ?? NONE, subnet, zero === NONE ? one : zero)
      nodes.remove(node)
    }
    return true
  }

  * entries (): Generator<readonly [Subnet, Entry]> {
    for (const [top, version] of this.#tops.all()) {
      const left: number[] = [top]
      for (let node = left.pop(); node !== undefined; node = left.pop()) {
        for (const child of [this.#nodes.child(node, 1), this.#nodes.child(node, 0)]) if (child !== NONE) left.push(child)
        const entry = this.#nodes.entry(node)
        if (entry !== undefined) yield [this.#nodes.subnet(node, version), entry]
      }
    }
  }

  /** The nodes from the top to the one of the subnet; none when there is no such node. */
  #wayTo (subnet: Subnet): number[] {
    const nodes = this.#nodes
    const way: number[] = []
    for (let node = this.#tops.of(subnet); node !== NONE && nodes.has(node, subnet); node = nodes.childFor(node, subnet)) {
      way.push(node)
      if (nodes.prefixLength(node) === subnet.prefixLength) return way
    }
    return []
  }

  /** Puts the subnet, or the place where it and `below` part, under `parent` and above `below`. */
  #linkBetween (parent: number, below: number, subnet: Subnet): number {
    const nodes = this.#nodes
    let { prefixLength } = subnet
    const other = below === NONE ? undefined : nodes.subnet(below, subnet.version)
    if (other !== undefined) {
      prefixLength = Math.min(prefixLength, other.prefixLength)
      while (!subnetHas(subnetOf(subnet, prefixLength), other)) prefixLength--
    }
    const { a, b, c, d } = subnetOf(subnet, prefixLength)
    const node = nodes.add(a, b, c, d, prefixLength)
    this.#setChild(parent, subnet, node)
    if (other !== undefined) nodes.setChildFor(node, other, below)
    return node
  }

  #setChild (parent: number, subnet: Subnet, child: number): void {
    if (parent === NONE) this.#tops.set(subnet, child)
    else this.#nodes.setChildFor(parent, subnet, child)
  }
}
