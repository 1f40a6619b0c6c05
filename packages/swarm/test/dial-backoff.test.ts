import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { assertNoTimers, ManualClock, samplePeer } from '@weir/compliance'
import { DialBackoff } from '../src/dial-backoff.ts'

const [ADDR, OTHER] = [multiaddr('/ip4/1.2.3.4/tcp/1'), multiaddr('/ip4/1.2.3.4/tcp/2')]
const PEER = samplePeer(0)

// dial_test, "DialBackoff", "DialBackoffClears"
describe('DialBackoff', () => {
  it('waits 5 s, then 5 s and the square of the failures before, at most 5 min', () => {
    const clock = new ManualClock()
    using backoff = new DialBackoff(clock)
    const waits = Array.from({ length: 30 }, () => {
      backoff.add(PEER, ADDR)
      return backoff.waitMs(PEER, ADDR) / 1_000
    })
    assert.deepEqual(waits.slice(0, 6), [5, 6, 9, 14, 21, 30])
    assert.deepEqual(waits.slice(16, 20), [261, 294, 300, 300])
    clock.advance(299_999)
    assert.equal(backoff.waitMs(PEER, ADDR), 1)
    clock.advance(1)
    assert.equal(backoff.waitMs(PEER, ADDR), 0)
  })

  it('knows peers and addresses apart', () => {
    using backoff = new DialBackoff(new ManualClock())
    backoff.add(PEER, ADDR)
    assert.equal(backoff.waitMs(PEER, OTHER), 0)
    assert.equal(backoff.waitMs(samplePeer(1), ADDR), 0)
    assert.equal(backoff.waitMs(samplePeer(0), multiaddr(ADDR.toString())), 5_000)
  })

  it('forgets all of a peer when there is a connection', () => {
    const clock = new ManualClock()
    using backoff = new DialBackoff(clock)
    for (const addr of [ADDR, OTHER]) backoff.add(PEER, addr)
    backoff.clear(samplePeer(1))
    assert.equal(backoff.size, 2)
    backoff.clear(PEER)
    assert.deepEqual([backoff.size, backoff.waitMs(PEER, ADDR), clock.pendingTimers], [0, 0, 0])
  })

  it('still counts what was over lately, and forgets it when it is long past', () => {
    const clock = new ManualClock()
    using backoff = new DialBackoff(clock)
    backoff.add(PEER, ADDR)
    clock.advance(10_000)
    backoff.add(PEER, ADDR)
    assert.equal(backoff.waitMs(PEER, ADDR), 6_000, 'the second failure')
    clock.advance(290_000 - 1)
    assert.equal(backoff.size, 1)
    clock.advance(1)
    assert.deepEqual([backoff.size, clock.pendingTimers], [0, 0])
  })

  it('keeps at a sweep a peer of which one address is not long past', () => {
    const clock = new ManualClock()
    using backoff = new DialBackoff(clock)
    backoff.add(PEER, ADDR)
    clock.advance(299_000)
    backoff.add(PEER, OTHER)
    clock.advance(1_000)
    assert.deepEqual([backoff.size, clock.pendingTimers], [2, 1])
  })

  it('forgets the peer that failed longest ago when it is full, and of a peer alone the oldest address', () => {
    const clock = new ManualClock()
    using backoff = new DialBackoff(clock, 3)
    backoff.add(PEER, ADDR)
    backoff.add(samplePeer(1), ADDR)
    backoff.add(PEER, OTHER)
    backoff.add(samplePeer(2), ADDR)
    assert.deepEqual([0, 1, 2].map(index => backoff.waitMs(samplePeer(index), ADDR)), [5_000, 0, 5_000])
    backoff.clear(samplePeer(2))
    for (let port = 10; port < 20; port++) backoff.add(PEER, multiaddr(`/ip4/1.2.3.4/tcp/${port}`))
    assert.equal(backoff.size, 3)
    assert.deepEqual([16, 17, 19].map(port => backoff.waitMs(PEER, multiaddr(`/ip4/1.2.3.4/tcp/${port}`))), [0, 5_000, 5_000])
  })

  it('leaves no timer when it is disposed', () => {
    const clock = new ManualClock()
    const backoff = new DialBackoff(clock)
    backoff.add(PEER, ADDR)
    backoff[Symbol.dispose]()
    assertNoTimers(clock)
  })
})
