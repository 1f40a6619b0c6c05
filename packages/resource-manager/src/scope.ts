import { type LocalRefusal, ReservationPriority, type ResourceScope, ResourceScopeClosedError, type ScopeId, type ScopeStat } from '@weir/network'
import type { Books } from './books.ts'
import type { Counter } from './counter.ts'
import type { Edges } from './edges.ts'
import type { Limit } from './limit.ts'
import { assertBytes, assertPriority } from './memory-amount.ts'
import type { ScopeRecord } from './owner.ts'
import type { PeerUse } from './peer-use.ts'
import { type CounterOwner, ScopeCounter } from './scope-counter.ts'
import { Span, type SpanBase } from './span.ts'

/**
 * A scope of the graph: its own count, and the counts of all scopes above it, each once.
 *
 * The list of those above is flat, so that what can be reached on two ways is charged once. Every change asks all counts
 * first and then changes all: a refusal, or a dynamic limit that throws, finds nothing to undo.
 *
 * Its users see `ResourceScope`; ending is for owners (`OwnedScope`) and for the collector of idle scopes.
 *
 * @see reference/go-libp2p.md 2.1, 2.3
 */
export abstract class Scope implements ResourceScope, CounterOwner, SpanBase {
  readonly books: Books
  readonly counter: Counter
  protected edges: Edges
  protected record: ScopeRecord | undefined
  // What was reserved here and not below: no more than this can be released here.
  #directBytes = 0
  #pins = 0
  #numSpans = 0
  #ended = false

  /** @param use - follows its count, and those of others like it */
  constructor (books: Books, limit: Limit, edges: Edges, use?: PeerUse) {
    this.books = books
    this.counter = new ScopeCounter(this, limit, use)
    this.edges = edges
  }

  abstract get id (): ScopeId

  /** Whether the operator vouches for it: the process's own pressure is no reason to refuse it. */
  get isTrusted (): boolean {
    return false
  }

  get isEnded (): boolean {
    return this.#ended
  }

  /** Nothing is charged, no span is open, nobody looks at it. */
  get isUnused (): boolean {
    return this.#pins === 0 && this.counter.isZero
  }

  reserveMemory (bytes: number, priority: number): void {
    assertBytes(bytes)
    assertPriority(priority)
    this.assertOpen()
    this.charge(bytes, priority)
    this.#directBytes += bytes
  }

  releaseMemory (bytes: number): void {
    assertBytes(bytes)
    if (this.#ended) return
    const released = Math.min(bytes, this.#directBytes)
    this.#directBytes -= released
    this.discharge(released)
    if (released < bytes) this.books.misuse.overRelease(this.id, bytes, released)
  }

  stat (): ScopeStat {
    return this.counter.stat()
  }

  beginSpan (): Span {
    this.assertOpen()
    const span = new Span(this, undefined, ++this.#numSpans, this.record)
    this.#pins++
    return span
  }

  /** Charges this scope and all above it, or throws and charges nothing. */
  charge (bytes: number, priority: number): void {
    const { edges, counter } = this
    let refusal: LocalRefusal | undefined
    if (priority < ReservationPriority.high && !this.isTrusted) refusal = this.books.pressure.refuseMemory(bytes, priority)
    refusal ??= counter.memoryRefusal(bytes, priority)
    for (let i = 0; i < edges.length && refusal === undefined; i++) refusal = edges[i]?.memoryRefusal(bytes, priority)
    if (refusal !== undefined) throw this.books.refuse(refusal)
    counter.addMemory(bytes)
    for (const edge of edges) edge.addMemory(bytes)
    this.books.trace?.memory('reserve_memory', counter, edges, bytes, priority)
  }

  /** Gives back what `charge` took, here and above. Does nothing on a scope that has ended. */
  discharge (bytes: number): void {
    if (this.#ended || bytes === 0) return
    this.counter.removeMemory(bytes)
    for (const edge of this.edges) edge.removeMemory(bytes)
    this.books.trace?.memory('release_memory', this.counter, this.edges, -bytes)
  }

  /** Keeps the scope while somebody uses it without being charged. */
  pin (): void {
    this.#pins++
  }

  unpin (): void {
    this.#pins--
    if (this.isUnused) this.onZero()
  }

  onZero (): void {}

  protected assertOpen (): void {
    if (this.#ended) throw new ResourceScopeClosedError(this.id)
  }

  /** Charges all that is counted here to one more scope. The caller has asked it before. */
  protected addTo (edge: Counter): void {
    edge.add(this.counter)
    this.books.trace?.moved(edge, this.counter, 1)
  }

  protected removeFrom (edge: Counter): void {
    edge.remove(this.counter)
    this.books.trace?.moved(edge, this.counter, -1)
  }

  /** Gives everything back and lets nothing be charged any more. @returns false when it had ended before */
  protected end (): boolean {
    if (this.#ended) return false
    this.#ended = true
    for (const edge of this.edges) this.removeFrom(edge)
    this.counter.clear()
    this.#directBytes = 0
    this.record?.close()
    this.books.trace?.destroyed(this.id)
    return true
  }
}
