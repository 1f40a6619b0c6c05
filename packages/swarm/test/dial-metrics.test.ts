import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { ConnClosedError } from '@weir/network'
import { dialFailureLabel } from '../src/dial-failure-label.ts'
import { DialMetrics } from '../src/dial-metrics.ts'
import { SwarmClosedError, SwarmTimeoutError } from '../src/errors.ts'
import { addrAt, assertOver, fakeConn, ScriptedDials } from './scripted-dials.ts'

const live = new AbortController().signal
const coded = (code: string, cause?: unknown): Error => Object.assign(new Error(code, { cause }), { code })

/** The dials that were counted: outcome, addresses, how many. */
function counted (metrics: DialMetrics): unknown[] {
  return metrics.snapshot().dials.flatMap(({ outcome, numDials, latencySeconds: { counts } }) => {
    const count = counts.reduce((a, b) => a + b)
    return count === 0 ? [] : [[outcome, numDials, count]]
  })
}

describe('DialMetrics', () => {
  it('counts the dial of a peer once, with the addresses that were dialled and what the first to answer waited', async () => {
    const dials = new ScriptedDials([1, 2, 3])
    await dials.join()
    await dials.join()
    await dials.clock.advanceAsync(100)
    await dials.settle(2, fakeConn())
    assert.deepEqual(counted(dials.metrics), [['success', '2', 1]])
    const { dialRankingDelaySeconds, dials: [, , success2] } = dials.metrics.snapshot()
    assert.equal(dialRankingDelaySeconds.sum, 0.1)
    assert.equal(success2?.latencySeconds.sum, 0.1)
    assertOver(dials)
  })

  it('counts a dial that failed, and none of its delays', async () => {
    const dials = new ScriptedDials([1, 2])
    const { result } = await dials.join()
    await dials.settle(1, new Error('no'))
    await dials.settle(2, new Error('no'))
    await assert.rejects(result)
    assert.deepEqual(counted(dials.metrics), [['failed', '2', 1]])
    assert.equal(dials.metrics.snapshot().dialRankingDelaySeconds.counts.reduce((a, b) => a + b), 0)
  })

  it('counts a dial whose callers left before an address had its turn', async () => {
    const dials = new ScriptedDials([1])
    const caller = new AbortController()
    const joining = dials.join({ signal: caller.signal })
    caller.abort(new Error('enough'))
    await assert.rejects((await joining).result)
    assert.deepEqual(counted(dials.metrics), [['failed', '0', 1]])
  })

  it('counts many addresses as six or more', () => {
    const metrics = new DialMetrics()
    for (const numDials of [5, 6, 60]) metrics.ended({ outcome: 'failed', numDials, elapsedMs: 1 })
    assert.deepEqual(counted(metrics), [['failed', '5', 1], ['failed', '>=6', 2]])
  })

  it('counts failures by transport, cause and family', () => {
    const metrics = new DialMetrics()
    metrics.failed(addrAt(1), coded('ECONNREFUSED'), live)
    metrics.failed(addrAt(2), coded('ECONNREFUSED'), live)
    metrics.failed(multiaddr('/ip6/::1/tcp/1/ws'), new Error('no'), live)
    assert.deepEqual(metrics.snapshot().dialErrors, [
      { transport: 'tcp', error: 'connection refused', ipVersion: 'ip4', count: 2 },
      { transport: 'ws', error: 'other', ipVersion: 'ip6', count: 1 }
    ])
  })
})

describe('dialFailureLabel', () => {
  const aborted = (reason: Error): AbortSignal => AbortSignal.abort(reason)
  const loop = new Error('loop')
  loop.cause = loop
  for (const [what, cause, signal, label] of [
    ['the time of the address', new SwarmTimeoutError('dialling', 5), live, 'deadline'],
    ['the time of the caller', new Error('aborted'), aborted(new SwarmTimeoutError('dialPeer', 5)), 'deadline'],
    ['another that answered first', new Error('aborted'), aborted(new ConnClosedError({ remote: false })), 'canceled: concurrent dial successful'],
    ['the swarm that closes', new Error('aborted'), aborted(new SwarmClosedError()), 'canceled: other'],
    ['the caller', new Error('aborted'), aborted(new Error('enough')), 'application canceled'],
    ['the system\'s time', coded('X', coded('ETIMEDOUT')), live, 'timeout'],
    ['a port without a listener', new AggregateError([coded('EHOSTUNREACH'), coded('ECONNREFUSED')]), live, 'connection refused'],
    ['anything else', new Error('no'), live, 'other'],
    ['what is no error', 'no', live, 'other'],
    ['a cause that leads back to itself', loop, live, 'other']
  ] as const) {
    it(`names ${what}`, () => { assert.equal(dialFailureLabel(cause, signal), label) })
  }
})
