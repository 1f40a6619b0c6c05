import assert from 'node:assert/strict'
import { ResourceLimitExceededError, ResourceScopeClosedError, type ScopeStat, ZERO_SCOPE_STAT } from '@weir/network'
import type { Limit, Misuse } from '../src/index.ts'
import { limitOf } from './limits-for.ts'
import { booksFor, FreeScope } from './scope-graph-for.ts'

function stat (scope: FreeScope): ScopeStat {
  return { ...scope.stat() }
}

function using (expected: Partial<ScopeStat>): ScopeStat {
  return { ...ZERO_SCOPE_STAT, ...expected }
}

const KINDS = [
  { name: 'inbound streams', what: 'stream', inbound: true, limit: { streams: 4, streamsInbound: 4, streamsOutbound: 4 }, field: 'numStreamsInbound' },
  { name: 'outbound streams', what: 'stream', inbound: false, limit: { streams: 4, streamsInbound: 4, streamsOutbound: 4 }, field: 'numStreamsOutbound' },
  { name: 'inbound connections', what: 'connection', inbound: true, limit: { conns: 4, connsInbound: 4, connsOutbound: 4 }, field: 'numConnsInbound' },
  { name: 'outbound connections', what: 'connection', inbound: false, limit: { conns: 4, connsInbound: 4, connsOutbound: 4 }, field: 'numConnsOutbound' },
  { name: 'file descriptors', what: 'fd', inbound: true, limit: { fd: 4 }, field: 'numFD' }
] as const

/** s4 is below s2 and s3, s5 and s6 too, and all are below s1. */
function diamond (s1Limit: Partial<Limit>, limit: Partial<Limit> = {}): FreeScope[] {
  const books = booksFor()
  const s1 = new FreeScope(books, 's1', s1Limit)
  const s2 = new FreeScope(books, 's2', limit, [s1])
  const s3 = new FreeScope(books, 's3', limit, [s1])
  return [s1, s2, s3, ...['s4', 's5', 's6'].map(name => new FreeScope(books, name, limit, [s2, s3, s1]))]
}

describe('Scope', () => {
  it('TestResourceScopeSimple: memory up to its limit, a single stream, connection and descriptor', () => {
    const scope = new FreeScope(booksFor(), 'test', { memoryBytes: 4_096, streams: 1, streamsInbound: 1, streamsOutbound: 1, conns: 1, connsInbound: 1, connsOutbound: 1, fd: 1 })
    scope.reserveMemory(1_024, 255)
    scope.reserveMemory(3_072, 255)
    assert.throws(() => { scope.reserveMemory(1, 255) }, ResourceLimitExceededError.is)
    scope.releaseMemory(4_096)
    assert.deepEqual(stat(scope), using({}))
    scope.add('stream', true)
    for (const inbound of [true, false]) assert.throws(() => { scope.add('stream', inbound) }, ResourceLimitExceededError.is)
    scope.add('fd', false)
    for (const inbound of [true, false]) assert.throws(() => { scope.add('fd', inbound) }, ResourceLimitExceededError.is)
    assert.deepEqual(stat(scope), using({ numStreamsInbound: 1, numConnsOutbound: 1, numFD: 1 }))
    scope.done()
    assert.deepEqual(stat(scope), using({}))
  })

  describe('TestResourceScopeDAG', () => {
    it('what is above on two ways is charged once', () => {
      const [s1, s2, s3, s4, s5, s6] = diamond({ memoryBytes: 4_096 }, { memoryBytes: 4_096 }) as [FreeScope, FreeScope, FreeScope, FreeScope, FreeScope, FreeScope]
      s4.reserveMemory(1_024, 255)
      s5.reserveMemory(1_024, 255)
      s6.reserveMemory(1_024, 255)
      assert.deepEqual([s4, s5, s6, s3, s2, s1].map(({ counter }) => counter.memoryBytes), [1_024, 1_024, 1_024, 3_072, 3_072, 3_072])
      s4.reserveMemory(1_024, 255)
      for (const scope of [s6, s5, s4, s3, s2, s1]) assert.throws(() => { scope.reserveMemory(1_024, 255) }, ResourceLimitExceededError.is)
      assert.deepEqual([s4, s5, s6, s3, s2, s1].map(({ counter }) => counter.memoryBytes), [2_048, 1_024, 1_024, 4_096, 4_096, 4_096])
      s4.done()
      s5.releaseMemory(1_024)
      assert.deepEqual([s4, s5, s6, s3, s2, s1].map(({ counter }) => counter.memoryBytes), [0, 0, 1_024, 1_024, 1_024, 1_024])
      s6.done()
      assert(s1.counter.isZero && s2.counter.isZero && s3.counter.isZero)
    })

    for (const { name, what, inbound, limit, field } of KINDS) {
      it(`${name}: filled, blocked everywhere, given back`, () => {
        const [s1, s2, s3, s4, s5, s6] = diamond(limit) as [FreeScope, FreeScope, FreeScope, FreeScope, FreeScope, FreeScope]
        for (const scope of [s4, s5, s6, s4]) scope.add(what, inbound)
        assert.deepEqual([s1, s2, s3, s4, s5, s6].map(scope => stat(scope)[field]), [4, 4, 4, 2, 1, 1])
        for (const scope of [s1, s2, s3, s4, s5, s6]) {
          assert.throws(() => { scope.add(what, inbound) }, (error: unknown) => ResourceLimitExceededError.is(error) && error.where === 'local' && 'service' in error.scope && error.scope.service === 's1')
        }
        s5.done()
        s6.add(what, inbound)
        assert.deepEqual([s1, s2, s3, s4, s5, s6].map(scope => stat(scope)[field]), [4, 4, 4, 2, 0, 2])
        s4.done()
        s6.done()
        assert.deepEqual([s1, s2, s3].map(stat), [using({}), using({}), using({})])
      })
    }
  })

  it('a limit that throws when it is asked leaves no trace, wherever it is', () => {
    const books = booksFor()
    let asked = 0
    let failAt = Infinity
    const moody = { ...limitOf(), get memoryBytes () { if (++asked === failAt) throw new Error('of the limit'); return 100 } }
    const make = (name: string, parents: FreeScope[] = []): FreeScope => {
      const scope = new FreeScope(books, name, {}, parents)
      Object.defineProperty(scope.counter, 'limit', { value: moody })
      return scope
    }
    const top = make('top')
    const middle = make('middle', [top])
    const leaf = make('leaf', [middle, top])
    const span = leaf.beginSpan()
    for (failAt = 1; failAt <= 3; failAt++) {
      asked = 0
      assert.throws(() => { span.reserveMemory(10, 255) }, /of the limit/)
      assert.deepEqual([top, middle, leaf].map(({ counter }) => counter.memoryBytes), [0, 0, 0])
      assert.equal(span.stat().memoryBytes, 0)
    }
  })

  it('fault 9: what is released too much is taken from nobody, is reported, and comes from what was reserved here alone', async () => {
    const misuse: Misuse[] = []
    const books = booksFor(misuse)
    const top = new FreeScope(books, 'top', {})
    const scope = new FreeScope(books, 'scope', {}, [top])
    top.reserveMemory(1_000, 255)
    scope.reserveMemory(10, 255)
    const span = scope.beginSpan()
    span.reserveMemory(100, 255)
    scope.releaseMemory(60)
    assert.deepEqual([top.counter.memoryBytes, scope.counter.memoryBytes, span.stat().memoryBytes], [1_100, 100, 100])
    span.releaseMemory(150)
    assert.deepEqual([top.counter.memoryBytes, scope.counter.memoryBytes], [1_000, 0])
    top.releaseMemory(1_001)
    assert.equal(top.counter.memoryBytes, 0)
    assert.equal(misuse.length, 0, 'not in the middle of the change')
    await Promise.resolve()
    assert.deepEqual(misuse.map(each => each.kind === 'over-release' ? [each.bytes, each.heldBytes] : []), [[60, 10], [150, 100], [1_001, 1_000]])
    assert.deepEqual(books.misuse.counts(), { overReleases: 3, notEnded: 0 })
    for (const bytes of [-1, Number.NaN, 0.5, 2 ** 53]) assert.throws(() => { top.releaseMemory(bytes) }, RangeError)
  })

  it('counts its refusals by the scope that refused and by resource', () => {
    const books = booksFor()
    const scope = new FreeScope(books, 's', { memoryBytes: 1, streamsInbound: 0, streamsOutbound: 0, fd: 0 })
    for (let i = 0; i < 3; i++) assert.throws(() => { scope.reserveMemory(2, 255) })
    assert.throws(() => { scope.add('stream', true) })
    assert.throws(() => { scope.add('stream', false) })
    assert.throws(() => { scope.add('fd', false) })
    assert.deepEqual(books.refusals.snapshot(), [
      { scope: 'service', resource: 'memory', direction: undefined, count: 3 },
      { scope: 'service', resource: 'stream', direction: 'inbound', count: 1 },
      { scope: 'service', resource: 'stream', direction: 'outbound', count: 1 },
      { scope: 'service', resource: 'fd', direction: undefined, count: 1 }
    ])
  })

  it('one that has ended says which', () => {
    const scope = new FreeScope(booksFor(), 'gone', {})
    scope.done()
    assert.throws(() => scope.beginSpan(), (error: unknown) => ResourceScopeClosedError.is(error) && error.message.includes('service gone'))
  })
})
