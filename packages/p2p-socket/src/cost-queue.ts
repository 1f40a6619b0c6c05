/** Where what a queue holds is charged. */
export interface Ledger {
  /** @throws when it may not be held; nothing is charged then */
  reserve (bytes: number): void
  release (bytes: number): void
}

interface Held<T> {
  readonly element: T
  readonly cost: number
}

interface Waiter<T> {
  resolve (value: T): void
  reject (cause: unknown): void
}

interface Adder<T> extends Waiter<void> {
  readonly held: Held<T>
}

const COMPACT_AT = 1_024

/**
 * A queue that is bounded by what its elements cost, as Octez counts it. One that costs more than all of the bound is taken when
 * the queue is empty.
 *
 * Waiters are served in their order. After `end`, what is left can be taken; then, and for who wants to add, there is the cause.
 *
 * @see reference/tezos-p2p.md 4.1 and 5.2b, "Bounded pipe"
 */
export class CostQueue<T> {
  readonly #maxCost: number
  readonly #ledger: Ledger
  readonly #adders = new Set<Adder<T>>()
  readonly #takers = new Set<Waiter<T>>()
  #elements: Array<Held<T>> = []
  #head = 0
  #cost = 0
  #ended: { readonly addCause: Error, readonly takeCause: Error } | undefined

  constructor (maxCost: number, ledger: Ledger) {
    this.#maxCost = maxCost
    this.#ledger = ledger
  }

  get length (): number {
    return this.#elements.length - this.#head
  }

  /** What its elements cost now. */
  get cost (): number {
    return this.#cost
  }

  /** @returns whether there was room @throws the cause once the queue has ended, or the ledger's refusal */
  tryAdd (element: T, cost: number): boolean {
    if (this.#ended !== undefined) throw this.#ended.addCause
    if (this.#adders.size > 0 || !this.#hasRoom(cost)) return false
    this.#add({ element, cost })
    return true
  }

  /** Adds as soon as there is room. @throws as `tryAdd`, or the signal's reason: the element is not added then */
  async add (element: T, cost: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.tryAdd(element, cost)) return
    await wait(this.#adders, { held: { element, cost } }, signal)
  }

  /** The first element, undefined when there is none. @throws the cause when the queue has ended and nothing is left */
  tryTake (): T | undefined {
    const first = this.#elements[this.#head]
    if (first === undefined) {
      if (this.#ended !== undefined) throw this.#ended.takeCause
      return undefined
    }
    this.#head++
    if (this.#head === this.#elements.length || (this.#head > COMPACT_AT && 2 * this.#head > this.#elements.length)) {
      this.#elements = this.#elements.slice(this.#head)
      this.#head = 0
    }
    this.#cost -= first.cost
    this.#ledger.release(first.cost)
    this.#admitAdders()
    return first.element
  }

  /** The first element, as soon as there is one. @throws as `tryTake`, or the signal's reason: nothing is taken then */
  async take (signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted()
    return this.tryTake() ?? await wait(this.#takers, {}, signal)
  }

  /** Takes no more, and gives what is left. Ending again changes nothing. */
  end (addCause: Error, takeCause: Error = addCause): void {
    if (this.#ended !== undefined) return
    this.#ended = { addCause, takeCause }
    for (const { reject } of this.#adders) reject(addCause)
    for (const { reject } of this.#takers) reject(takeCause)
    this.#adders.clear()
    this.#takers.clear()
  }

  /** Adds one more whatever the room, at no cost, and ends. @throws the cause when the queue had ended */
  addLast (element: T, cause: Error): void {
    if (this.#ended !== undefined) throw this.#ended.addCause
    this.#add({ element, cost: 0 })
    this.end(cause)
  }

  #hasRoom (cost: number): boolean {
    return this.length === 0 || this.#cost + cost < this.#maxCost
  }

  #add (held: Held<T>): void {
    const [taker] = this.#takers
    if (taker !== undefined) { // then nothing is queued, and this goes straight through
      this.#takers.delete(taker)
      taker.resolve(held.element)
      return
    }
    this.#ledger.reserve(held.cost)
    this.#elements.push(held)
    this.#cost += held.cost
  }

  #admitAdders (): void {
    for (const adder of this.#adders) {
      if (!this.#hasRoom(adder.held.cost)) return
      this.#adders.delete(adder)
      try {
        this.#add(adder.held)
        adder.resolve()
      } catch (refusal) {
        adder.reject(refusal)
      }
    }
  }
}

async function wait<T, More extends object> (waiters: Set<Waiter<T> & More>, more: More, signal: AbortSignal | undefined): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const waiter = { ...more, resolve, reject }
  const onAbort = (): void => {
    if (waiters.delete(waiter)) reject(signal?.reason)
  }
  waiters.add(waiter)
  signal?.addEventListener('abort', onAbort)
  try {
    return await promise
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
