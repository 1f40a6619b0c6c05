import assert from 'node:assert/strict'
import { peerIdFromString } from '@libp2p/peer-id'
import { assertNoTimers, ManualClock, samplePeer, seededRandom, turn } from '@weir/compliance'
import { DialPriority } from '@weir/network'
import { noDelayDialRanker } from '../src/default-dial-ranker.ts'
import { DialBackoff } from '../src/dial-backoff.ts'
import { DialError, DialQueueFullError } from '../src/dial-errors.ts'
import { DialLimiter } from '../src/dial-limiter.ts'
import { DialSync } from '../src/dial-sync.ts'
import { DialMetrics } from '../src/dial-metrics.ts'
import { DialWorker } from '../src/dial-worker.ts'
import type { SwarmConn } from '../src/swarm-conn.ts'
import { addrAt, type FakeConn, fakeConn } from './scripted-dials.ts'

const peer = (index: number): ReturnType<typeof peerIdFromString> => peerIdFromString(samplePeer(index).toString())

/** Dials of several peers, each of one address, that wait until the test lets them go on. */
class Dials {
  readonly clock = new ManualClock()
  readonly limiter: DialLimiter
  readonly sync: DialSync
  readonly attempts: { readonly peer: string, readonly signal: AbortSignal, readonly settle: PromiseWithResolvers<SwarmConn> }[] = []

  constructor ({ maxDials = 100, maxFdDials = 100 } = {}) {
    this.limiter = new DialLimiter({ maxDialsPerPeer: 8, maxFdDials })
    const backoff = new DialBackoff(this.clock)
    this.sync = new DialSync({
      maxDials,
      createWorker: (peer, onEnd) => new DialWorker({
        peer,
        clock: this.clock,
        ranker: noDelayDialRanker,
        limiter: this.limiter,
        backoff: { waitMs: () => 0, add () {} } as unknown as typeof backoff,
        metrics: new DialMetrics(),
        addrsForDial: async () => ({ addrs: [addrAt(1)], refused: [] }),
        dialAddr: async (_addr, { signal, onCharged }) => {
          const settle = Promise.withResolvers<SwarmConn>()
          this.attempts.push({ peer: peer.toString(), signal, settle })
          signal.addEventListener('abort', () => { settle.reject(signal.reason) })
          onCharged()
          return await settle.promise
        },
        establish () {},
        openConn: () => undefined,
        onEnd
      })
    })
  }

  connect (): FakeConn {
    const conn = fakeConn()
    this.attempts.at(-1)?.settle.resolve(conn)
    return conn
  }

  assertEmpty (): void {
    assert.deepEqual([this.sync.dials(), this.limiter.fdDials, this.limiter.peers], [[], 0, 0])
    assertNoTimers(this.clock)
  }
}

// dial_sync_test
describe('DialSync', () => {
  it('BasicDialSync: one worker for all callers of a peer', async () => {
    const dials = new Dials()
    const callers = [dials.sync.dial(peer(0), {}), dials.sync.dial(peer(0), {})]
    await turn()
    assert.deepEqual(dials.sync.dials().map(({ callers }) => callers), [2])
    const conn = dials.connect()
    assert.deepEqual(await Promise.all(callers), [conn, conn])
    assert.equal(dials.attempts.length, 1)
    dials.assertEmpty()
  })

  it('DialSyncCancel: one who leaves hurts no other', async () => {
    const dials = new Dials()
    const abort = new AbortController()
    const leaver = dials.sync.dial(peer(0), { signal: abort.signal })
    const stayer = dials.sync.dial(peer(0), {})
    await turn()
    abort.abort(new Error('gone'))
    await assert.rejects(leaver, /^Error: gone$/)
    assert.equal(dials.attempts[0]?.signal.aborted, false)
    const conn = dials.connect()
    assert.equal(await stayer, conn)
    dials.assertEmpty()
  })

  it('DialSyncAllCancel: when all leave the dial ends, and the next one starts anew', async () => {
    const dials = new Dials()
    const aborts = [new AbortController(), new AbortController()]
    const callers = aborts.map(async ({ signal }) => await dials.sync.dial(peer(0), { signal }))
    await turn()
    for (const abort of aborts) abort.abort(new Error('gone'))
    assert.equal(dials.attempts[0]?.signal.aborted, true)
    for (const caller of callers) await assert.rejects(caller, /gone/)
    dials.assertEmpty()
    const again = dials.sync.dial(peer(0), {})
    await turn()
    const conn = dials.connect()
    assert.equal(await again, conn)
    dials.assertEmpty()
  })

  it('FailFirst: the dial after one that failed is another', async () => {
    const dials = new Dials()
    const first = dials.sync.dial(peer(0), {})
    await turn()
    dials.attempts[0]?.settle.reject(new Error('no'))
    await assert.rejects(first, DialError.is)
    const second = dials.sync.dial(peer(0), {})
    await turn()
    const conn = dials.connect()
    assert.equal(await second, conn)
    dials.assertEmpty()
  })

  it('StressActiveDial: a hundred callers, a hundred dials each, some of whom leave', async () => {
    const dials = new Dials()
    const random = seededRandom(1)
    let connected = 0
    const caller = async (): Promise<void> => {
      for (let i = 0; i < 100; i++) {
        const abort = new AbortController()
        const dial = dials.sync.dial(peer(i % 4), { signal: abort.signal })
        if (random() < 0.2) abort.abort(new Error('gone'))
        await dial.then(() => { connected++ }, () => {})
      }
    }
    const all = Promise.all(Array.from({ length: 100 }, caller))
    let over = false
    void all.then(() => { over = true })
    for (let settled = 0; !over; await turn()) {
      for (; settled < dials.attempts.length; settled++) dials.attempts[settled]?.settle.resolve(fakeConn())
    }
    assert(connected > 5_000)
    dials.assertEmpty()
  }).timeout(30_000)

  it('does not start to wait for one who has left already', async () => {
    const dials = new Dials()
    await assert.rejects(dials.sync.dial(peer(0), { signal: AbortSignal.abort(new Error('before')) }), /before/)
    dials.assertEmpty()
  })

  it('refuses when it is full, and says what to change', async () => {
    const dials = new Dials({ maxDials: 2 })
    const abort = new AbortController()
    const waiting = [0, 1].map(async index => await dials.sync.dial(peer(index), { signal: abort.signal }))
    await turn()
    await assert.rejects(dials.sync.dial(peer(2), {}), (error: unknown) => DialQueueFullError.is(error) && error.limit === 2 && /raise maxDials/.test(error.message))
    const joined = dials.sync.dial(peer(1), { signal: abort.signal }) // who joins takes no place
    abort.abort(new Error('gone'))
    for (const caller of [...waiting, joined]) await assert.rejects(caller, /gone/)
    dials.assertEmpty()
  })

  it('lets a user push out the youngest that only waits in the background, and no other', async () => {
    const dials = new Dials({ maxDials: 3, maxFdDials: 1 })
    const background = { priority: DialPriority.background }
    const [dialling, older, younger] = [dials.sync.dial(peer(0), background), dials.sync.dial(peer(1), background), dials.sync.dial(peer(2), background)]
    await turn()
    await assert.rejects(dials.sync.dial(peer(3), background), DialQueueFullError.is)
    const abort = new AbortController()
    const users = [3, 4].map(async index => await dials.sync.dial(peer(index), { signal: abort.signal }))
    await assert.rejects(younger, (error: unknown) => DialError.is(error) && DialQueueFullError.is(error.cause) && error.failures.length === 1)
    await assert.rejects(older, DialError.is)
    await assert.rejects(dials.sync.dial(peer(5), {}), DialQueueFullError.is)
    assert.deepEqual(dials.sync.dials().map(({ peer }) => peer), [0, 3, 4].map(index => samplePeer(index).toString()))
    await turn()
    const conn = dials.connect()
    assert.equal(await dialling, conn)
    abort.abort(new Error('gone'))
    for (const user of users) await assert.rejects(user, /gone/)
    dials.assertEmpty()
  })

  it('a user who joins a dial in the background takes it to the front', async () => {
    const dials = new Dials({ maxFdDials: 1 })
    const abort = new AbortController()
    const background = { priority: DialPriority.background, signal: abort.signal }
    const callers = [0, 1, 2].map(async index => await dials.sync.dial(peer(index), background))
    await turn()
    callers.push(dials.sync.dial(peer(2), { signal: abort.signal }))
    dials.connect()
    await turn()
    assert.deepEqual(dials.attempts.map(({ peer }) => peer), [0, 2].map(index => samplePeer(index).toString()))
    abort.abort(new Error('gone'))
    await Promise.allSettled(callers)
    dials.assertEmpty()
  })

  it('ends all at once', async () => {
    const dials = new Dials()
    const callers = [0, 0, 1].map(async index => await dials.sync.dial(peer(index), {}))
    await turn()
    const reason = new Error('closed')
    dials.sync.abort(reason)
    for (const caller of callers) await assert.rejects(caller, error => error === reason)
    dials.assertEmpty()
  })
})
