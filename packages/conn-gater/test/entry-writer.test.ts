import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { MemoryDatastore } from 'datastore-core'
import { type BasicGater, createBasicGater, GaterClosedError, type GaterDatastore, GaterFullError, GaterWriteError, GaterWriteTimeoutError } from '../src/index.ts'
import { alice, ruleOf } from './peers.ts'

/** A datastore whose writes end when a test says so, in the order it says. */
class HandDatastore implements Pick<GaterDatastore, 'put' | 'delete'> {
  readonly store = new MemoryDatastore()
  readonly log: string[] = []
  readonly #waiting: { readonly name: string, go: (error?: Error) => void }[] = []

  get waiting (): string[] {
    return this.#waiting.map(({ name }) => name)
  }

  query: GaterDatastore['query'] = query => this.store.query(query)

  put: GaterDatastore['put'] = async (key, value) => {
    await this.#wait(`put ${key}`)
    return this.store.put(key, value)
  }

  delete: GaterDatastore['delete'] = async key => {
    await this.#wait(`delete ${key}`)
    this.store.delete(key)
  }

  /** Lets the first write of those that wait go on, or fail, and everything behind it happen. */
  async next (error?: Error): Promise<void> {
    this.#waiting.shift()?.go(error)
    for (let i = 0; i < 20; i++) await Promise.resolve()
  }

  async #wait (name: string): Promise<void> {
    this.log.push(name.replace('/libp2p/net/conngater', ''))
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ name, go: error => { error === undefined ? resolve() : reject(error) } })
    await promise
  }
}

describe('writing', () => {
  let clock: ManualClock
  let datastore: HandDatastore
  let gater: BasicGater

  beforeEach(async () => {
    clock = new ManualClock()
    datastore = new HandDatastore()
    gater = await createBasicGater({ datastore, clock, maxPendingWrites: 4, maxBlockedPeers: 3 })
  })

  afterEach(async () => {
    const closed = gater.close()
    while (datastore.waiting.length > 0) await datastore.next()
    await closed
    assert.equal(gater.stat().pendingWrites, 0)
    assert.equal(clock.pendingTimers, 0)
  })

  it('the datastore first, then memory', async () => {
    const blocked = gater.blockPeer(alice)
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'allow')
    await datastore.next()
    assert.equal(await blocked, true)
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'blocked-peer')
    const unblocked = gater.unblockPeer(alice)
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'blocked-peer')
    await datastore.next()
    assert.equal(await unblocked, true)
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'allow')
  })

  for (const [name, change] of [['blockPeer', () => gater.blockPeer(alice)], ['unblockPeer', () => gater.unblockPeer(alice)], ['trustSubnet', () => gater.trustSubnet('10.0.0.0/8')]] as const) {
    it(`${name}: a datastore that refuses leaves everything as it was`, async () => {
      const first = gater.blockPeer(alice, { reason: 'before' })
      await datastore.next()
      await first
      const before = gater.stat()
      const failed = assert.rejects(change(), (error: unknown) => GaterWriteError.is(error) && (error.cause as Error).message === 'disk full')
      await datastore.next(new Error('disk full'))
      await failed
      assert.deepEqual(gater.stat(), before)
      assert.equal(gater.blockedPeer(alice)?.reason, 'before')
    })
  }

  it('changes of one entry are made one after another, of others at the same time', async () => {
    const done: string[] = []
    const changes = [gater.blockAddr('1.2.3.4'), gater.unblockAddr('::ffff:1.2.3.4'), gater.blockAddr('1.2.3.4', { reason: 'last' })].map(async (change, i) => { done.push(`${i} ${await change}`) })
    const other = gater.blockPeer(alice)
    assert.deepEqual(datastore.log, ['put /addr/1.2.3.4', `put /peer/${alice}`])
    await datastore.next()
    assert.deepEqual(datastore.log.slice(2), ['delete /addr/1.2.3.4'])
    await datastore.next()
    await other
    await datastore.next()
    await datastore.next()
    await Promise.all(changes)
    assert.deepEqual(done, ['0 true', '1 true', '2 true'])
    assert.equal(gater.blockedAddr('1.2.3.4')?.reason, 'last')
  })

  it('a failure keeps nobody behind it from their turn', async () => {
    const failed = assert.rejects(gater.blockAddr('1.2.3.4'), GaterWriteError)
    const second = gater.blockAddr('1.2.3.4')
    await datastore.next(new Error('disk full'))
    await failed
    await datastore.next()
    assert.equal(await second, true)
  })

  it('so many wait at most, and the next is refused at once', async () => {
    const waiting = [1, 2, 3, 4].map(i => gater.blockAddr(`1.2.3.${i}`))
    await assert.rejects(gater.blockAddr('1.2.3.5'), (error: unknown) => GaterWriteError.is(error) && error.key === '/libp2p/net/conngater/addr/1.2.3.5')
    assert.equal(gater.stat().pendingWrites, 4)
    while (datastore.waiting.length > 0) await datastore.next()
    await Promise.all(waiting)
  })

  it('those that are being written count for the bound of the list', async () => {
    const waiting = ['a', 'b', 'c'].map(peer => gater.blockPeer(peer))
    await assert.rejects(gater.blockPeer('d'), GaterFullError)
    while (datastore.waiting.length > 0) await datastore.next(new Error('disk full'))
    for (const each of await Promise.allSettled(waiting)) assert.equal(each.status, 'rejected')
    const fourth = gater.blockPeer('d') // their places are free again
    await datastore.next()
    assert.equal(await fourth, true)
  })

  it('waits so long, and the change comes into force when the datastore has made it', async () => {
    const late = assert.rejects(gater.blockPeer(alice), (error: unknown) => GaterWriteTimeoutError.is(error) && error.timeoutMs === 30_000)
    clock.advance(30_000)
    await late
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'allow')
    await datastore.next()
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'blocked-peer')
  })

  it('a failure after the wait goes nowhere', async () => {
    const late = assert.rejects(gater.blockPeer(alice), GaterWriteTimeoutError)
    clock.advance(30_000)
    await late
    await datastore.next(new Error('disk full'))
    assert.equal(gater.stat().pendingWrites, 0)
  })

  it('a signal ends the wait, and keeps a change from beginning', async () => {
    const controller = new AbortController()
    const ended = assert.rejects(gater.blockPeer(alice, { signal: controller.signal }), { name: 'AbortError' })
    controller.abort()
    await ended
    await assert.rejects(gater.unblockPeer(alice, { signal: controller.signal }), { name: 'AbortError' })
    assert.deepEqual(datastore.log, [`put /peer/${alice}`])
    await datastore.next()
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'blocked-peer')
  })

  it('close waits for what has begun, and lets nothing begin; the gater still answers', async () => {
    const blocked = gater.blockPeer(alice)
    const closed = gater.close()
    await assert.rejects(gater.blockPeer('x'), (error: unknown) => GaterClosedError.is(error))
    await assert.rejects(gater.unblockPeer(alice), GaterClosedError)
    await datastore.next()
    await closed
    assert.equal(await blocked, true)
    await gater.close()
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'blocked-peer')
  })

  it('close does not wait for ever', async () => {
    const late = assert.rejects(gater.blockPeer(alice), GaterWriteTimeoutError)
    const closed = gater.close()
    clock.advance(30_000)
    await closed
    await late
  })

  it('what is over and cannot be deleted stays out of force, and is tried again', async () => {
    const blocked = gater.blockAddr('1.2.3.4', { ttlMs: 1_000 })
    await datastore.next()
    await blocked
    await clock.advanceAsync(60_000)
    await datastore.next(new Error('disk full'))
    await clock.advanceAsync(0)
    assert.deepEqual([gater.stat().failedCollections, gater.stat().blocked.addrs, gater.listBlockedAddrs()], [1, 1, []])
    await clock.advanceAsync(60_010)
    await datastore.next()
    await clock.advanceAsync(0)
    assert.deepEqual([gater.stat().failedCollections, gater.stat().blocked.addrs], [1, 0])
  })

  it('what is blocked anew while the sweep waits for its turn is not swept', async () => {
    const first = gater.blockAddr('1.2.3.4', { ttlMs: 60_000 })
    await datastore.next()
    await first
    await clock.advanceAsync(59_999)
    const again = gater.blockAddr('1.2.3.4', { reason: 'again' })
    await clock.advanceAsync(1)
    await datastore.next()
    await again
    await clock.advanceAsync(100)
    assert.deepEqual(datastore.log, ['put /addr/1.2.3.4', 'put /addr/1.2.3.4'])
    assert.equal(gater.blockedAddr('1.2.3.4')?.reason, 'again')
  })

  it('an automatic entry is not written, and leaves an operator\'s alone', async () => {
    const blocked = gater.blockPeer(alice, { reason: 'by hand' })
    await datastore.next()
    await blocked
    assert.equal(await gater.blockPeer(alice, { kind: 'automatic', ttlMs: 1 }), false)
    assert.equal(await gater.blockAddr('1.2.3.4', { kind: 'automatic', ttlMs: 1_000 }), true)
    assert.deepEqual(datastore.log, [`put /peer/${alice}`])
    await clock.advanceAsync(60_000)
    assert.deepEqual([gater.stat().blocked.addrs, datastore.log.length], [0, 1])
  })
})
