import assert from 'node:assert/strict'
import { ResourceLimitExceededError, ResourceScopeClosedError, scopeName } from '@weir/network'
import { booksFor, FreeScope } from './scope-graph-for.ts'

function scopeOf (memoryBytes: number): FreeScope {
  return new FreeScope(booksFor(), 'test', { memoryBytes })
}

describe('Span', () => {
  it('TestResourceScopeTxnBasic: charges its owner, is refused where the owner is full, and leaves it at zero', () => {
    const scope = scopeOf(4_096)
    const span = scope.beginSpan()
    span.reserveMemory(1_024, 255)
    span.reserveMemory(3_072, 255)
    assert.equal(scope.stat().memoryBytes, 4_096)
    assert.throws(() => { span.reserveMemory(1, 255) }, ResourceLimitExceededError.is)
    span.releaseMemory(1_024)
    assert.deepEqual([scope.stat().memoryBytes, span.stat().memoryBytes], [3_072, 3_072])
    span.done()
    span.done()
    assert.deepEqual([scope.stat().memoryBytes, span.stat().memoryBytes], [0, 0])
    assert(scope.isUnused)
  })

  it('TestResourceScopeTxnZombie: a span below one that has ended can do no harm', () => {
    const scope = scopeOf(4_096)
    const parent = scope.beginSpan()
    const child = parent.beginSpan()
    parent.done()
    assert.throws(() => { child.reserveMemory(4_096, 255) }, ResourceScopeClosedError.is)
    assert.throws(() => child.beginSpan(), ResourceScopeClosedError.is)
    child.done()
    assert.equal(scope.stat().memoryBytes, 0)
    assert(scope.isUnused)
  })

  it('TestResourceScopeTxnTree: each node of a tree holds the sum of what is below it', () => {
    const scope = scopeOf(4_096)
    const [s1, s2] = [scope.beginSpan(), scope.beginSpan()]
    const [s3, s4] = [s1.beginSpan(), s1.beginSpan()]
    const s5 = s2.beginSpan()
    for (const [span, bytes] of [[s3, 1_024], [s4, 1_024], [s5, 1_024]] as const) span.reserveMemory(bytes, 255)
    const held = (): number[] => [scope, s1, s2, s3, s4, s5].map(each => each.stat().memoryBytes)
    assert.deepEqual(held(), [3_072, 2_048, 1_024, 1_024, 1_024, 1_024])
    s2.reserveMemory(1_024, 255)
    assert.deepEqual(held(), [4_096, 2_048, 2_048, 1_024, 1_024, 1_024])
    for (const span of [s5, s4, s3, s2, s1]) assert.throws(() => { span.reserveMemory(1, 255) }, ResourceLimitExceededError.is)
    assert.deepEqual(held(), [4_096, 2_048, 2_048, 1_024, 1_024, 1_024])
    s5.releaseMemory(1_024)
    s3.reserveMemory(1_024, 255)
    assert.deepEqual(held(), [4_096, 3_072, 1_024, 2_048, 1_024, 0])
    s1.done()
    assert.deepEqual(held(), [1_024, 0, 1_024, 2_048, 1_024, 0], 'what is below an ended span is only its own affair')
    for (const span of [s3, s4, s5, s2]) span.done()
    assert.deepEqual(held(), [0, 0, 0, 0, 0, 0])
  })

  it('TestResourceScopeDAGTxn: spans of leaves charge all above, and what one gives back its siblings can have', () => {
    const books = booksFor()
    const s1 = new FreeScope(books, 's1', { memoryBytes: 8_192 })
    const s2 = new FreeScope(books, 's2', { memoryBytes: 4_096 + 2_048 }, [s1])
    const s3 = new FreeScope(books, 's3', { memoryBytes: 4_096 + 2_048 }, [s1])
    const leaves = ['s4', 's5', 's6'].map(name => new FreeScope(books, name, {}, [s2, s3, s1]))
    const spans = leaves.map(leaf => leaf.beginSpan())
    for (const span of spans) span.reserveMemory(2_048, 255)
    assert.deepEqual([s1, s2, s3].map(each => each.stat().memoryBytes), [6_144, 6_144, 6_144])
    for (const span of spans) assert.throws(() => { span.reserveMemory(1, 255) }, ResourceLimitExceededError.is)
    spans[0]?.done()
    assert.deepEqual([s1, s2, s3].map(each => each.stat().memoryBytes), [4_096, 4_096, 4_096])
    spans[1]?.reserveMemory(2_048, 255)
    for (const leaf of leaves) leaf.done()
    for (const span of spans) {
      assert.throws(() => { span.reserveMemory(1, 255) }, ResourceScopeClosedError.is)
      span.releaseMemory(1)
      span.done()
    }
    assert.deepEqual([s1, s2, s3].map(({ counter }) => counter.isZero), [true, true, true])
  })

  it('is named by its owner and a number of its own', () => {
    const scope = scopeOf(1)
    scope.beginSpan().done()
    assert.equal(scopeName(scope.beginSpan().beginSpan().id), 'span 1 of span 2 of service test')
  })

  it('a thousand spans below one another are as deep as any', () => {
    const scope = scopeOf(10)
    let span = scope.beginSpan()
    const first = span
    for (let i = 0; i < 1_000; i++) span = span.beginSpan()
    span.reserveMemory(10, 255)
    assert.equal(first.stat().memoryBytes, 10)
    first.done()
    span.done()
    assert(scope.isUnused)
  })
})
