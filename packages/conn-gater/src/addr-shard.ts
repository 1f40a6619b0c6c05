// A slot is eight words: the address in the form of version 6 (4), the reason's number, the kind, and `untilMs` (2).
const WORDS = 8
const REASON = 4
const KIND = 5
const UNTIL = 3 // counted in doubles

// Kinds as they stand in a slot; 0 is an empty slot.
export const EMPTY = 0
export const MANUAL = 1
export const AUTOMATIC = 2

const FIRST_SLOTS = 8

/**
 * A hash table of addresses with linear probing, in one buffer: a look-up mostly touches one cache line, and the garbage collector
 * has nothing to walk through. Never more than three quarters full.
 */
export class AddrShard {
  #words = new Int32Array(FIRST_SLOTS * WORDS)
  #doubles = new Float64Array(this.#words.buffer)
  #mask = FIRST_SLOTS - 1
  #size = 0

  /** How many slots there are; full ones and empty ones. */
  get slots (): number {
    return this.#mask + 1
  }

  /** @returns the slot, or -1 */
  find (hash: number, a: number, b: number, c: number, d: number): number {
    const words = this.#words
    const mask = this.#mask
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS
      if (words[at + KIND] === EMPTY) return -1
      if (words[at + 3] === d && words[at + 2] === c && words[at + 1] === b && words[at] === a) return slot
    }
  }

  /** Takes a slot for an address that has none. */
  insert (hash: number, a: number, b: number, c: number, d: number, hashOf: AddrHash): number {
    if ((this.#size + 1) * 4 > this.slots * 3) this.#grow(hashOf)
    this.#size++
    return this.#place(hash, a, b, c, d)
  }

  write (slot: number, kind: number, reason: number, untilMs: number): void {
    this.#words[slot * WORDS + KIND] = kind
    this.#words[slot * WORDS + REASON] = reason
    this.#doubles[slot * (WORDS / 2) + UNTIL] = untilMs
  }

  /** Empties the slot, and moves up those behind it that would not be found any more. */
  remove (slot: number, hashOf: AddrHash): void {
    const words = this.#words
    const mask = this.#mask
    this.#size--
    let hole = slot
    for (let next = (hole + 1) & mask; this.kind(next) !== EMPTY; next = (next + 1) & mask) {
      const home = hashOf(this.word(next, 0), this.word(next, 1), this.word(next, 2), this.word(next, 3)) & mask
      if (((next - home) & mask) < ((next - hole) & mask)) continue // its way begins behind the hole
      words.copyWithin(hole * WORDS, next * WORDS, (next + 1) * WORDS)
      hole = next
    }
    words.fill(0, hole * WORDS, (hole + 1) * WORDS)
  }

  word (slot: number, index: 0 | 1 | 2 | 3): number {
    return this.#words[slot * WORDS + index] ?? 0
  }

  kind (slot: number): number {
    return this.#words[slot * WORDS + KIND] ?? EMPTY
  }

  reason (slot: number): number {
    return this.#words[slot * WORDS + REASON] ?? 0
  }

  untilMs (slot: number): number {
    return this.#doubles[slot * (WORDS / 2) + UNTIL] ?? 0
  }

  #place (hash: number, a: number, b: number, c: number, d: number): number {
    const mask = this.#mask
    let slot = hash & mask
    while (this.kind(slot) !== EMPTY) slot = (slot + 1) & mask
    const at = slot * WORDS
    this.#words[at] = a
    this.#words[at + 1] = b
    this.#words[at + 2] = c
    this.#words[at + 3] = d
    return slot
  }

  #grow (hashOf: AddrHash): void {
    const old = this.#words
    const oldDoubles = this.#doubles
    this.#words = new Int32Array(old.length * 2)
    this.#doubles = new Float64Array(this.#words.buffer)
    this.#mask = this.#words.length / WORDS - 1
    const word = (at: number): number => old[at] ?? 0
    for (let at = 0; at < old.length; at += WORDS) {
      if (word(at + KIND) === EMPTY) continue
      const [a, b, c, d] = [word(at), word(at + 1), word(at + 2), word(at + 3)]
      const slot = this.#place(hashOf(a, b, c, d), a, b, c, d)
      this.write(slot, word(at + KIND), word(at + REASON), oldDoubles[at / 2 + UNTIL] ?? 0)
    }
  }
}

/** A hash of 32 bits; its lowest bits name the slot. */
export type AddrHash = (a: number, b: number, c: number, d: number) => number
