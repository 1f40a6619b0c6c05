import type { Clock } from '@weir/network'

/** Why something is on a greylist, as plain data. */
export interface GreylistEntry {
  /** The text of the peer, or the address. */
  readonly key: string
  readonly reason: string
  /** Wall clock, both. */
  readonly sinceMs: number
  readonly untilMs: number
}

/** Entries until their time is over, in the order in which they came; the oldest gives way when there are too many. */
export class GreylistBook<K> {
  readonly #entries = new Map<K, GreylistEntry>()
  readonly #clock: Clock
  readonly #max: number

  constructor (clock: Clock, max: number) {
    this.#clock = clock
    this.#max = max
  }

  get size (): number {
    return this.#entries.size
  }

  /** Puts it in, or in again: it is the newest then. */
  add (key: K, entry: GreylistEntry): void {
    this.#entries.delete(key)
    if (this.#entries.size >= this.#max) this.#entries.delete(this.#entries.keys().next().value as K)
    this.#entries.set(key, entry)
  }

  get (key: K): GreylistEntry | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined || this.#isOver(entry) ? undefined : entry
  }

  delete (key: K): boolean {
    const live = this.get(key) !== undefined
    this.#entries.delete(key)
    return live
  }

  clear (): void {
    this.#entries.clear()
  }

  list (): GreylistEntry[] {
    return [...this.#entries.values()].filter(entry => !this.#isOver(entry))
  }

  /** Takes out what is over. */
  sweep (): void {
    for (const [key, entry] of this.#entries) if (this.#isOver(entry)) this.#entries.delete(key)
  }

  /** Takes out what came before a moment. @returns how many */
  deleteOlderThan (atMs: number): number {
    const before = this.size
    for (const [key, { sinceMs }] of this.#entries) if (sinceMs < atMs) this.#entries.delete(key)
    return before - this.size
  }

  #isOver ({ untilMs }: GreylistEntry): boolean {
    return this.#clock.wallMs() >= untilMs
  }
}
