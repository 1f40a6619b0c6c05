import assert from 'node:assert/strict'
import { nullScope, ResourceScopeClosedError, type ResourceScopeSpan, ZERO_SCOPE_STAT } from '../src/index.ts'

describe('nullScope', () => {
  it('refuses nothing and counts nothing', () => {
    nullScope.reserveMemory(Number.MAX_SAFE_INTEGER, 0)
    assert.equal(nullScope.stat(), ZERO_SCOPE_STAT)
    nullScope.releaseMemory(Number.MAX_SAFE_INTEGER)
    nullScope.releaseMemory(1)
    assert.equal(nullScope.stat(), ZERO_SCOPE_STAT)
  })

  it('has no end', () => {
    assert.equal('done' in nullScope, false)
    assert.equal(Symbol.dispose in nullScope, false)
  })

  it('is frozen', () => {
    assert.ok(Object.isFrozen(nullScope))
  })
})

describe('a span of nullScope', () => {
  it('counts nothing, and has spans', () => {
    using span = nullScope.beginSpan()
    span.reserveMemory(1_000, 255)
    using inner = span.beginSpan()
    inner.reserveMemory(1_000, 255)
    assert.equal(span.stat(), ZERO_SCOPE_STAT)
  })

  it('refuses use after its end, so that the mistake is found with the Null already', () => {
    const span = nullScope.beginSpan()
    span.done()
    assert.throws(() => span.reserveMemory(1, 255), ResourceScopeClosedError.is)
    assert.throws(() => span.beginSpan(), ResourceScopeClosedError.is)
  })

  it('takes back memory and ends again after its end', () => {
    const span = nullScope.beginSpan()
    span.done()
    span.releaseMemory(1)
    span.done()
    span[Symbol.dispose]()
    assert.equal(span.stat(), ZERO_SCOPE_STAT)
  })

  it('ends with its block', () => {
    let kept: ResourceScopeSpan
    {
      using span = nullScope.beginSpan()
      kept = span
    }
    assert.throws(() => kept.reserveMemory(1, 255), ResourceScopeClosedError.is)
  })

  it('names itself in its error', () => {
    const span = nullScope.beginSpan().beginSpan()
    span.done()
    assert.throws(() => span.reserveMemory(1, 255), { message: 'resource scope closed: span 0 of span 0 of system' })
  })
})
