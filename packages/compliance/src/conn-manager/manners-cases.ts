import assert from 'node:assert/strict'
import { ResourceLimitExceededError, type TrimReport } from '@weir/network'
import type { Case } from '../case.ts'
import { fakeConn } from '../fake-conn.ts'
import { samplePeer } from '../sample-peer.ts'
import { afterClose } from '../trait-after-close.ts'
import { closedTwice } from '../trait-closed-twice.ts'
import { type ConnHouse, type ConnManagerCase, houseCase } from './conn-house.ts'

const peer = samplePeer(1)

const LOCAL_REFUSAL = new ResourceLimitExceededError({ where: 'local', scope: { kind: 'system' }, resource: 'connection', direction: 'inbound', current: 4, attempted: 1, limit: 4 })
const REMOTE_REFUSAL = new ResourceLimitExceededError({ where: 'remote', errorCode: 0x1001 })

function assertReport (report: TrimReport): void {
  assert(Array.isArray(report.closed) && Array.isArray(report.spared))
  for (const { peer: of, connId, reason } of report.closed) assert(typeof of.toString() === 'string' && typeof connId === 'string' && reason.length > 0)
  for (const { peer: of, reason } of report.spared) assert(typeof of.toString() === 'string' && reason.length > 0)
  assert(typeof report.reason === 'string' && report.reason.length > 0, 'a report says why it did no more')
}

const METHODS: readonly { readonly name: string, readonly call: (house: ConnHouse) => unknown }[] = [
  { name: 'tagPeer', call: ({ manager }) => { manager.tagPeer(peer, 'test:a', 1) } },
  { name: 'untagPeer', call: ({ manager }) => { manager.untagPeer(peer, 'test:a') } },
  { name: 'upsertTag', call: ({ manager }) => { manager.upsertTag(peer, 'test:a', value => value + 1) } },
  { name: 'tagInfo', call: ({ manager }) => manager.tagInfo(peer) },
  { name: 'trimOpenConns', call: ({ manager }) => manager.trimOpenConns() },
  { name: 'protect', call: ({ manager }) => { manager.protect(peer, 'test') } },
  { name: 'unprotect', call: ({ manager }) => manager.unprotect(peer, 'test') },
  { name: 'isProtected', call: ({ manager }) => manager.isProtected(peer) },
  { name: 'makeRoom', call: ({ manager }) => manager.makeRoom(LOCAL_REFUSAL) },
  { name: 'connected', call: house => { house.tellConnected(fakeConn({ id: 'x', remotePeer: peer })) } },
  { name: 'disconnected', call: house => { house.tellDisconnected(fakeConn({ id: 'x', remotePeer: peer })) } }
]

/** A trait of managers, as cases that make one. */
function inHouse (cases: readonly Case<ConnHouse>[]): ConnManagerCase[] {
  return cases.map(({ name, run }) => houseCase(name, run))
}

/** What a manager does that has nothing to do, and what it never does. */
export const mannersCases: readonly ConnManagerCase[] = [
  ...METHODS.map(({ name, call }) => houseCase(`${name} of a peer that nobody knows is harmless`, async house => { await call(house) })),
  ...inHouse(afterClose(METHODS, ({ manager }) => manager.close())),
  ...inHouse(closedTwice([{ name: 'close', call: ({ manager }) => manager.close() }, { name: 'asyncDispose', call: ({ manager }) => manager[Symbol.asyncDispose]() }])),
  houseCase('nothing is known of a peer that was never heard of', ({ manager }) => {
    assert.equal(manager.tagInfo(peer), undefined)
    assert.equal(manager.isProtected(peer), false)
    assert.equal(manager.isProtected(peer, 'test'), false)
  }),
  houseCase('unprotect of what was never protected says that no protection remains', ({ manager }) => {
    assert.equal(manager.unprotect(peer, 'test'), false)
  }),
  houseCase('the notifiee hears of connections, twice and out of order too', house => {
    const conn = house.connect(peer)
    house.tellConnected(conn)
    house.tellDisconnected(conn)
    house.tellDisconnected(conn)
    house.tellDisconnected(fakeConn({ id: 'foreign', remotePeer: peer }))
  }),
  houseCase('a trim of nothing closes nothing and says why', async ({ manager }) => {
    const report = await manager.trimOpenConns()
    assertReport(report)
    assert.deepEqual(report.closed, [])
  }),
  houseCase('a trim reports what it closed, and closed what it reports', async house => {
    for (let i = 1; i < 6; i++) house.connect(samplePeer(i))
    const before = house.closed.length
    const report = await house.manager.trimOpenConns()
    assertReport(report)
    assert.deepEqual(report.closed.map(({ connId }) => connId), house.closed.slice(before))
  }),
  houseCase('checkLimit passes where there is no limit', ({ manager }) => { manager.checkLimit({ connLimit: Infinity }) }),
  houseCase('checkLimit passes where the limit is above the marks', ({ manager }) => { manager.checkLimit({ connLimit: 7 }) }),
  houseCase('makeRoom answers every refusal with true or false, and throws for none', house => {
    for (const refusal of [LOCAL_REFUSAL, REMOTE_REFUSAL]) assert.equal(typeof house.manager.makeRoom(refusal), 'boolean')
    house.connect(peer)
    for (const refusal of [LOCAL_REFUSAL, REMOTE_REFUSAL]) assert.equal(typeof house.manager.makeRoom(refusal), 'boolean')
  }),
  houseCase('makeRoom with nobody there makes no room', ({ manager }) => { assert.equal(manager.makeRoom(LOCAL_REFUSAL), false) }),
  houseCase('closing the manager closes no connection', async house => {
    house.connect(peer)
    await house.manager.close()
    assert.deepEqual(house.closed, [])
  })
]
