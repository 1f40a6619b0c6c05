import { type IpAddress, type Subnet, subnetHas, subnetOf } from '@weir/network'
import type { Entry } from './entry.ts'
import { isOver } from './entry.ts'
import type { EntryMap } from './entry-map.ts'

/** A subnet of the tree. Some are there only because two others part in them: those have no entry. */
interface Node extends Subnet {
  entry: Entry | undefined
  zero: Node | undefined
  one: Node | undefined
}

/** What of the tree an address is in. */
export interface SubnetMatch {
  readonly subnet: Subnet
  readonly entry: Entry
}

/**
 * Entries by subnet, and which of them an address is in: a binary tree of prefixes without those that lead one way only. A look-up
 * visits the subnets around the address, at most one for each bit, and with n subnets at random about log2(n).
 */
export class SubnetTree implements EntryMap<Subnet> {
  readonly #roots: { readonly 4: Node, readonly 6: Node } = { 4: rootOf(4), 6: rootOf(6) }
  #size = 0

  get size (): number {
    return this.#size
  }

  get (subnet: Subnet): Entry | undefined {
    let node: Node | undefined = this.#roots[subnet.version]
    while (node !== undefined && node.prefixLength <= subnet.prefixLength && subnetHas(node, subnet)) {
      if (node.prefixLength === subnet.prefixLength) return node.entry
      node = childFor(node, subnet)
    }
    return undefined
  }

  /** The smallest subnet that the address is in and whose entry is not over. */
  match (address: IpAddress, nowMs: () => number): SubnetMatch | undefined {
    let found: Node | undefined
    let node: Node | undefined = this.#roots[address.version]
    while (node !== undefined && subnetHas(node, address)) {
      if (node.entry !== undefined && !isOver(node.entry, nowMs)) found = node
      node = childFor(node, address)
    }
    return found?.entry === undefined ? undefined : { subnet: found, entry: found.entry }
  }

  set (subnet: Subnet, entry: Entry): void {
    let parent: Node = this.#roots[subnet.version]
    for (;;) {
      if (parent.prefixLength === subnet.prefixLength) {
        if (parent.entry === undefined) this.#size++
        parent.entry = entry
        return
      }
      const next = childFor(parent, subnet)
      if (next === undefined || next.prefixLength > subnet.prefixLength || !subnetHas(next, subnet)) {
        parent = linkBetween(parent, next, subnet)
      } else parent = next
    }
  }

  delete (subnet: Subnet): boolean {
    const way: Node[] = []
    let node: Node | undefined = this.#roots[subnet.version]
    while (node !== undefined && node.prefixLength < subnet.prefixLength) {
      way.push(node)
      node = childFor(node, subnet)
    }
    if (node?.entry === undefined || node.prefixLength !== subnet.prefixLength || !subnetHas(node, subnet)) return false
    node.entry = undefined
    this.#size--
    // What is left without an entry and parts nothing goes too; so may the one above it.
    for (let parent = way.pop(); parent !== undefined && node.entry === undefined && (node.zero === undefined || node.one === undefined); parent = way.pop()) {
      setChild(parent, subnet, node.zero ?? node.one)
      node = parent
    }
    return true
  }

  * entries (): Generator<readonly [Subnet, Entry]> {
    const left: Node[] = [this.#roots[6], this.#roots[4]]
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      if (node.one !== undefined) left.push(node.one)
      if (node.zero !== undefined) left.push(node.zero)
      if (node.entry !== undefined) yield [node, node.entry]
    }
  }
}

function rootOf (version: 4 | 6): Node {
  return { version, a: 0, b: 0, c: 0, d: 0, prefixLength: 0, entry: undefined, zero: undefined, one: undefined }
}

function nodeOf ({ version, a, b, c, d, prefixLength }: Subnet): Node {
  return { version, a, b, c, d, prefixLength, entry: undefined, zero: undefined, one: undefined }
}

function childFor (node: Node, address: IpAddress): Node | undefined {
  return bitOf(address, node.prefixLength) === 0 ? node.zero : node.one
}

function setChild (node: Node, address: IpAddress, child: Node | undefined): void {
  if (bitOf(address, node.prefixLength) === 0) node.zero = child
  else node.one = child
}

/** Puts the subnet, or the place where it and `below` part, under `parent` and above `below`. */
function linkBetween (parent: Node, below: Node | undefined, subnet: Subnet): Node {
  let prefixLength = subnet.prefixLength
  if (below !== undefined) {
    prefixLength = Math.min(prefixLength, below.prefixLength)
    while (!subnetHas(subnetOf(subnet, prefixLength), below)) prefixLength--
  }
  const node = nodeOf(subnetOf(subnet, prefixLength))
  setChild(parent, subnet, node)
  if (below !== undefined) setChild(node, below, below)
  return node
}

/** Bit 0 is the highest. Behind the last one there is 0. */
function bitOf ({ a, b, c, d }: IpAddress, index: number): number {
  const word = index < 32 ? a : index < 64 ? b : index < 96 ? c : index < 128 ? d : 0
  return word >>> 31 - (index & 31) & 1
}
