import { type IpAddress, type Subnet, subnetHas, subnetOf } from '@weir/network'
import type { Entry } from './entry.ts'
import type { EntryMap } from './entry-map.ts'
import type { ReasonTable } from './reason-table.ts'
import { NONE, ROOT_V4, ROOT_V6, SubnetNodes } from './subnet-nodes.ts'

/** What of the tree an address is in. */
export interface SubnetMatch {
  readonly subnet: Subnet
  readonly entry: Entry
}

/**
 * Entries by subnet, and which of them an address is in: a binary tree of prefixes without those that lead one way only. A look-up
 * visits the subnets around the address, at most one for each bit, and with n subnets at random about log2(n). Some nodes are there
 * only because two subnets part in them; there are fewer of those than of entries.
 */
export class SubnetTree implements EntryMap<Subnet> {
  readonly #nodes: SubnetNodes
  #size = 0

  constructor (reasons: ReasonTable) {
    this.#nodes = new SubnetNodes(reasons)
  }

  get size (): number {
    return this.#size
  }

  get (subnet: Subnet): Entry | undefined {
    const nodes = this.#nodes
    for (let node = rootOf(subnet); nodes.prefixLength(node) <= subnet.prefixLength && nodes.has(node, subnet); ) {
      if (nodes.prefixLength(node) === subnet.prefixLength) return nodes.entry(node)
      node = nodes.childFor(node, subnet)
      if (node === NONE) break
    }
    return undefined
  }

  /** The smallest subnet that the address is in and whose entry is not over. */
  match (address: IpAddress, nowMs: () => number): SubnetMatch | undefined {
    const nodes = this.#nodes
    const found = nodes.lowestMatch(rootOf(address), address, nowMs)
    const entry = found === -1 ? undefined : nodes.entry(found)
    return entry === undefined ? undefined : { subnet: nodes.subnet(found, address.version), entry }
  }

  set (subnet: Subnet, entry: Entry): void {
    const nodes = this.#nodes
    let node = rootOf(subnet)
    while (nodes.prefixLength(node) !== subnet.prefixLength) {
      const next = nodes.childFor(node, subnet)
      const leadsOn = next !== NONE && nodes.prefixLength(next) <= subnet.prefixLength && nodes.has(next, subnet)
      node = leadsOn ? next : this.#linkBetween(node, next, subnet)
    }
    if (!nodes.hasEntry(node)) this.#size++
    nodes.setEntry(node, entry)
  }

  delete (subnet: Subnet): boolean {
    const nodes = this.#nodes
    const way: number[] = []
    let node = rootOf(subnet)
    while (nodes.prefixLength(node) < subnet.prefixLength) {
      way.push(node)
      node = nodes.childFor(node, subnet)
      if (node === NONE) return false
    }
    if (!nodes.hasEntry(node) || nodes.prefixLength(node) !== subnet.prefixLength || !nodes.has(node, subnet)) return false
    nodes.clearEntry(node)
    this.#size--
    // What is left without an entry and parts nothing goes too; so may the one above it.
    for (let parent = way.pop(); parent !== undefined && !nodes.hasEntry(node); parent = way.pop()) {
      const [zero, one] = [nodes.child(node, 0), nodes.child(node, 1)]
      if (zero !== NONE && one !== NONE) break
      nodes.setChildFor(parent, subnet, zero === NONE ? one : zero)
      nodes.remove(node)
      node = parent
    }
    return true
  }

  * entries (): Generator<readonly [Subnet, Entry]> {
    for (const [root, version] of [[ROOT_V4, 4], [ROOT_V6, 6]] as const) {
      const left: number[] = [root]
      for (let node = left.pop(); node !== undefined; node = left.pop()) {
        for (const child of [this.#nodes.child(node, 1), this.#nodes.child(node, 0)]) if (child !== NONE) left.push(child)
        const entry = this.#nodes.entry(node)
        if (entry !== undefined) yield [this.#nodes.subnet(node, version), entry]
      }
    }
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
    nodes.setChildFor(parent, subnet, node)
    if (other !== undefined) nodes.setChildFor(node, other, below)
    return node
  }
}

function rootOf ({ version }: IpAddress): number {
  return version === 4 ? ROOT_V4 : ROOT_V6
}
