import type { IpAddress, Subnet } from '@weir/network'
import type { Entry } from './entry.ts'
import type { ReasonTable } from './reason-table.ts'

// A node is eight words, half of a cache line: its address (4), the length of its prefix, its children (2), the kind of its entry.
const WORDS = 8
const LENGTH = 4
const CHILD = 5 // and the other behind it
const KIND = 7

const NO_ENTRY = 0
const MANUAL = 1
const AUTOMATIC = 2

/** No node. */
export const NONE = 0

const FIRST_NODES = 16

/** The nodes of a tree of prefixes, in few buffers: each is a number. Knows nothing of their order, but goes down it. */
export class SubnetNodes {
  #words = new Int32Array(FIRST_NODES * WORDS)
  // What is read of the entries that are found only.
  #reasonIds = new Int32Array(FIRST_NODES)
  #untilMs = new Float64Array(FIRST_NODES)
  #used = 1 // the first place is `NONE`'s
  readonly #free: number[] = []
  readonly #reasons: ReasonTable

  constructor (reasons: ReasonTable) {
    this.#reasons = reasons
  }

  add (a: number, b: number, c: number, d: number, prefixLength: number): number {
    const node = this.#free.pop() ?? this.#used++
    if (this.#used > this.#untilMs.length) this.#grow(Math.ceil(this.#used * 1.5))
    this.#words.set([a, b, c, d, prefixLength], node * WORDS)
    return node
  }

  /** Gives the node up. Its entry must be gone. */
  remove (node: number): void {
    this.#words.fill(0, node * WORDS, (node + 1) * WORDS)
    this.#free.push(node)
  }

  prefixLength (node: number): number {
    return this.#words[node * WORDS + LENGTH] ?? 0
  }

  /** Whether the address begins with the node's prefix. */
  has (node: number, { a, b, c, d }: IpAddress): boolean {
    return hasPrefix(this.#words, node * WORDS, a, b, c, d)
  }

  /** The lowest node from `top` on that has the address and an entry that is not over, or `NONE`. */
  lowestMatch (top: number, address: IpAddress, nowMs: () => number): number {
    const words = this.#words
    const { a, b, c, d } = address
    let found = NONE
    for (let node = top; node !== NONE;) {
      const at = node * WORDS
      if (!hasPrefix(words, at, a, b, c, d)) break
      if (words[at + KIND] !== NO_ENTRY && (this.untilMs(node) === Infinity || this.untilMs(node) > nowMs())) found = node
      node = words[at + CHILD + bitOf(address, words[at + LENGTH] ?? 0)] ?? NONE
    }
    return found
  }

  /** The child that the address leads to. */
  childFor (node: number, address: IpAddress): number {
    return this.child(node, bitOf(address, this.prefixLength(node)))
  }

  child (node: number, bit: number): number {
    return this.#words[node * WORDS + CHILD + bit] ?? NONE
  }

  setChildFor (node: number, address: IpAddress, child: number): void {
    this.#words[node * WORDS + CHILD + bitOf(address, this.prefixLength(node))] = child
  }

  hasEntry (node: number): boolean {
    return this.#words[node * WORDS + KIND] !== NO_ENTRY
  }

  untilMs (node: number): number {
    return this.#untilMs[node] ?? 0
  }

  entry (node: number): Entry | undefined {
    const kind = this.#words[node * WORDS + KIND]
    return kind === NO_ENTRY ? undefined : { kind: kind === MANUAL ? 'manual' : 'automatic', reason: this.#reasons.text(this.#reasonIds[node] ?? 0), untilMs: this.untilMs(node) }
  }

  setEntry (node: number, { kind, reason, untilMs }: Entry): void {
    const id = this.#reasons.take(reason)
    this.clearEntry(node)
    this.#words[node * WORDS + KIND] = kind === 'manual' ? MANUAL : AUTOMATIC
    this.#reasonIds[node] = id
    this.#untilMs[node] = untilMs
  }

  clearEntry (node: number): void {
    if (!this.hasEntry(node)) return
    this.#reasons.giveBack(this.#reasonIds[node] ?? 0)
    this.#words[node * WORDS + KIND] = NO_ENTRY
  }

  subnet (node: number, version: 4 | 6): Subnet {
    const word = (index: number): number => this.#words[node * WORDS + index] ?? 0
    return { version, a: word(0), b: word(1), c: word(2), d: word(3), prefixLength: word(LENGTH) }
  }

  #grow (nodes: number): void {
    const [words, reasonIds, untilMs] = [new Int32Array(nodes * WORDS), new Int32Array(nodes), new Float64Array(nodes)]
    words.set(this.#words)
    reasonIds.set(this.#reasonIds)
    untilMs.set(this.#untilMs)
    this.#words = words
    this.#reasonIds = reasonIds
    this.#untilMs = untilMs
  }
}

function hasPrefix (words: Int32Array, at: number, a: number, b: number, c: number, d: number): boolean {
  const length = words[at + LENGTH] ?? 0
  const first = (words[at] ?? 0) ^ a
  if (length <= 32) return length === 0 || first >>> 32 - length === 0
  if (first !== 0) return false
  const second = (words[at + 1] ?? 0) ^ b
  if (length <= 64) return second >>> 64 - length === 0
  if (second !== 0) return false
  const third = (words[at + 2] ?? 0) ^ c
  if (length <= 96) return third >>> 96 - length === 0
  return third === 0 && ((words[at + 3] ?? 0) ^ d) >>> 128 - length === 0
}

/** Bit 0 is the highest. Behind the last one there is 0. */
function bitOf ({ a, b, c, d }: IpAddress, index: number): number {
  const word = index < 32 ? a : index < 64 ? b : index < 96 ? c : index < 128 ? d : 0
  return word >>> 31 - (index & 31) & 1
}
