import { type ResourceScopeSpan, ResourceScopeClosedError, type ScopeId, type ScopeStat, ZERO_SCOPE_STAT } from '@weir/network'
import type { Books } from './books.ts'
import { assertBytes, assertPriority } from './memory-amount.ts'
import type { ScopeRecord } from './owner.ts'

/** The scope at the root of a tree of spans, as its spans see it. */
export interface SpanBase {
  readonly id: ScopeId
  readonly isEnded: boolean
  readonly books: Books
  /** Charges the scope and all above it, or throws and charges nothing. */
  charge (bytes: number, priority: number): void
  /** Gives back what `charge` took. Does nothing once the scope has ended. */
  discharge (bytes: number): void
  /** A span has ended. */
  unpin (): void
}

/**
 * Memory with an end: what is reserved in a span comes back when the span ends, whatever way the code takes.
 *
 * A span has no limit of its own: what is too much for it is too much for the scope below which it is. It may outlive its
 * owner, and holds nothing from then on.
 *
 * @see reference/go-libp2p.md 2.4
 */
export class Span implements ResourceScopeSpan {
  readonly #base: SpanBase
  readonly #parent: Span | undefined
  readonly #number: number
  readonly #record: ScopeRecord | undefined
  #directBytes = 0
  #memoryBytes = 0
  #numSpans = 0
  #ended = false

  constructor (base: SpanBase, parent: Span | undefined, number: number, tracked: ScopeRecord | undefined) {
    this.#base = base
    this.#parent = parent
    this.#number = number
    this.#record = base.books.track(this, tracked)
    base.books.trace?.created(this.id)
  }

  get id (): ScopeId {
    return { kind: 'span', owner: (this.#parent ?? this.#base).id, id: this.#number }
  }

  reserveMemory (bytes: number, priority: number): void {
    assertBytes(bytes)
    assertPriority(priority)
    this.#assertOpen()
    this.#base.charge(bytes, priority) // refuses for all of us; behind it nothing can
    this.#directBytes += bytes
    const { trace } = this.#base.books
    for (let span: Span | undefined = this; span !== undefined; span = span.#parent) {
      span.#memoryBytes += bytes
      trace?.spanMemory('reserve_memory', span.id, span.#memoryBytes, bytes, priority)
    }
  }

  releaseMemory (bytes: number): void {
    assertBytes(bytes)
    if (this.#ended) return
    if (bytes > this.#directBytes) this.#base.books.misuse.overRelease(this.id, bytes, this.#directBytes)
    const released = Math.min(bytes, this.#directBytes)
    this.#directBytes -= released
    this.#memoryBytes -= released
    this.#base.books.trace?.spanMemory('release_memory', this.id, this.#memoryBytes, -released)
    this.#giveBack(released)
  }

  stat (): ScopeStat {
    return this.#memoryBytes === 0 ? ZERO_SCOPE_STAT : { ...ZERO_SCOPE_STAT, memoryBytes: this.#memoryBytes }
  }

  beginSpan (): Span {
    this.#assertOpen()
    return new Span(this.#base, this, ++this.#numSpans, this.#record)
  }

  done (): void {
    if (this.#ended) return
    this.#ended = true
    const bytes = this.#memoryBytes
    this.#memoryBytes = this.#directBytes = 0
    this.#giveBack(bytes)
    this.#base.books.trace?.destroyed(this.id)
    this.#record?.close()
    if (this.#parent === undefined) this.#base.unpin()
  }

  [Symbol.dispose] (): void {
    this.done()
  }

  // An owner that has ended gave back what was in its spans, so nothing goes further up than to it.
  #giveBack (bytes: number): void {
    if (bytes === 0) return
    const { trace } = this.#base.books
    for (let span: Span | undefined = this.#parent; span !== undefined; span = span.#parent) {
      if (span.#ended) return
      span.#memoryBytes -= bytes
      trace?.spanMemory('release_memory', span.id, span.#memoryBytes, -bytes)
    }
    this.#base.discharge(bytes)
  }

  #assertOpen (): void {
    for (let span: Span | undefined = this; span !== undefined; span = span.#parent) {
      if (span.#ended) throw new ResourceScopeClosedError(span.id)
    }
    if (this.#base.isEnded) throw new ResourceScopeClosedError(this.#base.id)
  }
}
