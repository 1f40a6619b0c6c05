import assert from 'node:assert/strict'
import { explain } from '../src/explain.ts'

const systemError = (code: string, message: string = code): Error => Object.assign(new Error(message), { code })

describe('explanation', () => {
  it('is the message, with that of the cause behind it', () => {
    assert.equal(explain(new Error('no dinner', { cause: new Error('no food', { cause: new Error('no money') }) })), 'no dinner: no food: no money')
  })

  it('does not say twice what the message has already', () => {
    assert.equal(explain(new Error('no dinner: no food', { cause: new Error('no food') })), 'no dinner: no food')
  })

  it('says in words what the system says in capitals', () => {
    const cause = systemError('EADDRINUSE', 'listen EADDRINUSE: address already in use 127.0.0.1:1')
    const words = 'cannot listen on /ip4/127.0.0.1/tcp/1: the port is in use'
    assert.equal(explain(new Error('cannot listen on /ip4/127.0.0.1/tcp/1', { cause })), words)
    assert.equal(explain(new Error(`cannot listen on /ip4/127.0.0.1/tcp/1: ${cause.message}`, { cause })), words)
    assert.equal(explain(cause), 'the port is in use')
  })

  it('looks for the reason in a collected error when it is the only one', () => {
    assert.equal(explain(new AggregateError([systemError('ECONNREFUSED')], 'all failed')), 'all failed: nobody listens there')
    assert.equal(explain(Object.assign(new Error('dial'), { failures: [{ cause: systemError('EHOSTUNREACH') }] })), 'dial: the host cannot be reached')
    assert.equal(explain(new AggregateError([systemError('ECONNREFUSED'), systemError('EACCES')], 'all failed')), 'all failed')
  })

  it('is one line without anything that a terminal acts on', () => {
    const text = explain(new Error('failed:\n  a: \u001b[31mred\u001b[0m\n  b: \u202ereversed\r\u0007'))
    assert.equal(text, 'failed: a:  [31mred [0m; b:  reversed')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    assert.doesNotMatch(text, /[\u0000-\u001f\u202e]/)
  })

  it('exists for whatever is thrown', () => {
    assert.equal(explain('text'), 'text')
    assert.equal(explain(undefined), 'undefined')
    assert.equal(explain(new RangeError()), 'RangeError')
    const circular = new Error('round')
    circular.cause = circular
    assert.equal(explain(circular), 'round')
  })
})
