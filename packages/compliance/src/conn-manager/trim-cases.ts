import assert from 'node:assert/strict'
import { type Direction, type LocalRefusal, ResourceLimitExceededError } from '@weir/network'
import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'
import { type ConnHouse, type ConnManagerCase, enforcedCase, TRIM_CODES } from './conn-house.ts'

const peers = [0, 1, 2, 3, 4, 5, 6, 7].map(samplePeer)
const [zero, one, two, three] = [samplePeer(0), samplePeer(1), samplePeer(2), samplePeer(3)]

const REFUSAL = new ResourceLimitExceededError({ where: 'local', scope: { kind: 'system' }, resource: 'connection', direction: 'inbound', current: 6, attempted: 1, limit: 6 })

/** One connection for each of the first peers, of growing value: the first is worth least. */
function connectAll (house: ConnHouse, count: number, direction: Direction = 'outbound'): void {
  for (const [index, peer] of peers.slice(0, count).entries()) {
    house.connect(peer, { direction })
    house.manager.tagPeer(peer, 'test:value', index)
  }
}

/** What is closed, in which order, and what never is. The low mark is 2, the high mark 6: no case goes so far that the manager would trim by itself. */
export const trimCases: readonly ConnManagerCase[] = [
  enforcedCase('a trim goes down to the low mark, and closes first what is worth least', async house => {
    connectAll(house, 4)
    const report = await house.manager.trimOpenConns()
    assert.deepEqual(house.closed, ['c1', 'c2'])
    assert.deepEqual(report.closed.map(({ peer }) => peer.toString()), [zero, one].map(String))
  }),
  enforcedCase('a trim at the low mark closes nothing', async house => {
    connectAll(house, 2)
    assert.deepEqual((await house.manager.trimOpenConns()).closed, [])
    assert.deepEqual(house.closed, [])
  }),
  enforcedCase('a trim closes with the code for what is garbage-collected', async house => {
    connectAll(house, 4)
    await house.manager.trimOpenConns()
    assert.deepEqual([...house.codes], TRIM_CODES)
  }),
  enforcedCase('a trim spares the protected, and says so', async house => {
    connectAll(house, 4)
    house.manager.protect(zero, 'a')
    house.manager.protect(zero, 'b')
    house.manager.unprotect(zero, 'a')
    const report = await house.manager.trimOpenConns()
    assert(!house.closed.includes('c1'))
    assert(report.spared.some(({ peer }) => peer.toString() === zero.toString()), 'the protected peer is among the spared')
  }),
  enforcedCase('a peer whose protection was taken back is trimmed again', async house => {
    connectAll(house, 4)
    house.manager.protect(zero, 'a')
    house.manager.unprotect(zero, 'a')
    await house.manager.trimOpenConns()
    assert(house.closed.includes('c1'))
  }),
  enforcedCase('a trim of protected peers alone closes nothing', async house => {
    for (const peer of peers) house.manager.protect(peer, 'a')
    connectAll(house, 5)
    await house.manager.trimOpenConns()
    assert.deepEqual(house.closed, [])
  }),
  enforcedCase('of two that are worth the same, the one without streams goes first', async house => {
    house.connect(zero, { numStreams: 3 })
    house.connect(one, { numStreams: 0 })
    house.connect(two, { numStreams: 3 })
    await house.manager.trimOpenConns()
    assert.deepEqual(house.closed, ['c2'])
  }),
  enforcedCase('of two that are worth the same and idle, the one that came in goes first', async house => {
    house.connect(zero, { direction: 'outbound' })
    house.connect(one, { direction: 'inbound' })
    house.connect(two, { direction: 'outbound' })
    await house.manager.trimOpenConns()
    assert.deepEqual(house.closed, ['c2'])
  }),
  enforcedCase('two trims at once close no more than one', async house => {
    connectAll(house, 4)
    await Promise.all([house.manager.trimOpenConns(), house.manager.trimOpenConns()])
    assert.deepEqual(house.closed, ['c1', 'c2'])
  }),
  enforcedCase('connections that ended by themselves count no more', async house => {
    connectAll(house, 3)
    await house.connect(three).close()
    house.closed.length = 0
    await house.manager.trimOpenConns()
    assert.deepEqual(house.closed, ['c1'])
  }),
  enforcedCase('makeRoom ends one expendable connection in the same turn, that of least value', house => {
    connectAll(house, 4, 'inbound')
    assert.equal(house.manager.makeRoom(REFUSAL), true)
    assert.deepEqual(house.closed, ['c1'])
  }),
  enforcedCase('makeRoom is told where the newcomer comes from, and makes room for one from elsewhere', house => {
    connectAll(house, 4, 'inbound')
    assert.equal(house.manager.makeRoom(REFUSAL, { localMultiaddr: sampleAddr(0), remoteMultiaddr: sampleAddr(2) }), true)
    assert.equal(house.closed.length, 1)
  }),
  enforcedCase('makeRoom ends no protected connection', house => {
    connectAll(house, 4, 'inbound')
    for (const peer of peers) house.manager.protect(peer, 'a')
    assert.equal(house.manager.makeRoom(REFUSAL), false)
    assert.deepEqual(house.closed, [])
  }),
  enforcedCase('makeRoom ends no outbound connection: it would make no room for one that comes in', house => {
    connectAll(house, 4, 'outbound')
    assert.equal(house.manager.makeRoom(REFUSAL), false)
    assert.deepEqual(house.closed, [])
  }),
  enforcedCase('makeRoom ends nothing for what the remote refused', house => {
    connectAll(house, 4, 'inbound')
    assert.equal(house.manager.makeRoom(new ResourceLimitExceededError({ where: 'remote', errorCode: 0x1001 })), false)
    assert.deepEqual(house.closed, [])
  }),
  enforcedCase('makeRoom ends nothing where a connection less would not help', house => {
    connectAll(house, 4, 'inbound')
    const refusals: LocalRefusal[] = [
      { where: 'local', scope: { kind: 'rate', prefix: '192.0.2.0/24' }, resource: 'rate', current: 5, attempted: 1, limit: 5 },
      { where: 'local', scope: { kind: 'system' }, resource: 'pressure', current: 9, attempted: 1, limit: 5 }
    ]
    for (const refusal of refusals) assert.equal(house.manager.makeRoom(new ResourceLimitExceededError(refusal)), false)
    assert.deepEqual(house.closed, [])
  }),
  enforcedCase('checkLimit throws when the high mark is above the limit, and not at it', ({ manager }) => {
    assert.throws(() => { manager.checkLimit({ connLimit: 5 }) })
    manager.checkLimit({ connLimit: 6 })
  })
]
