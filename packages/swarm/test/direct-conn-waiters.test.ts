import assert from 'node:assert/strict'
import { samplePeer } from '@weir/compliance'
import { LimitedConnError } from '@weir/network'
import { DirectConnWaiters } from '../src/direct-conn-waiters.ts'
import { SwarmTimeoutError } from '../src/errors.ts'

const [PEER, OTHER] = [samplePeer(0), samplePeer(1)]

describe('DirectConnWaiters', () => {
  it('lets all of a peer go on, and no other', async () => {
    const waiters = new DirectConnWaiters()
    const signal = new AbortController().signal
    const all = Promise.all([waiters.wait(PEER, signal), waiters.wait(samplePeer(0), signal)])
    const abort = new AbortController()
    const other = waiters.wait(OTHER, abort.signal)
    waiters.arrived(PEER)
    await all
    assert.equal(waiters.size, 1)
    abort.abort(new Error('gone'))
    await assert.rejects(other, /gone/)
    waiters.arrived(OTHER)
    assert.equal(waiters.size, 0)
  })

  it('says what it waited for in vain, and keeps others waiting', async () => {
    const waiters = new DirectConnWaiters()
    const abort = new AbortController()
    const first = waiters.wait(PEER, abort.signal)
    const second = waiters.wait(PEER, new AbortController().signal)
    const reason = new SwarmTimeoutError('waiting', 5)
    abort.abort(reason)
    await assert.rejects(first, error => LimitedConnError.is(error) && error.cause === reason)
    await assert.rejects(waiters.wait(PEER, AbortSignal.abort(new Error('before'))), /before/)
    assert.equal(waiters.size, 1)
    waiters.arrived(PEER)
    await second
  })
})
