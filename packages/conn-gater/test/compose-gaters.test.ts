import assert from 'node:assert/strict'
import { fakeConn, recordingGater } from '@weir/compliance'
import { ALLOW, type ConnectionGater, deny, nullConnectionGater, type Verdict } from '@weir/network'
import { closeDenied, composeGaters } from '../src/index.ts'
import { addrOf, alice, from, ruleOf } from './peers.ts'

const conn = fakeConn({ id: '1', remotePeer: alice })

/** Asks all five hooks. */
function askAll (gater: ConnectionGater): string[] {
  const verdicts: Verdict[] = [gater.interceptPeerDial(alice), gater.interceptAddrDial(alice, addrOf('192.0.2.1')), gater.interceptAccept(from('192.0.2.1')), gater.interceptSecured('outbound', alice, from('192.0.2.1')), gater.interceptUpgraded(conn)]
  return verdicts.map(ruleOf)
}

function denying (rule: string): ConnectionGater {
  const answer = () => deny(rule)
  return { interceptPeerDial: answer, interceptAddrDial: answer, interceptAccept: answer, interceptSecured: answer, interceptUpgraded: answer }
}

describe('composeGaters', () => {
  it('lets everything pass without gaters, and with those that do', () => {
    assert.deepEqual(askAll(composeGaters()), ['allow', 'allow', 'allow', 'allow', 'allow'])
    assert.deepEqual(askAll(composeGaters(nullConnectionGater, nullConnectionGater)), ['allow', 'allow', 'allow', 'allow', 'allow'])
  })

  it('asks in turn, and stops at the first denial, which names its rule', () => {
    const [first, last] = [recordingGater(), recordingGater()]
    const gater = composeGaters(first, denying('a'), denying('b'), last)
    assert.deepEqual(askAll(gater), ['a', 'a', 'a', 'a', 'a'])
    assert.equal(first.log.length, 5)
    assert.deepEqual(last.log, [])
    assert.deepEqual(gater.stat(), { refusals: { a: 5 } })
  })

  it('gives what is no verdict as it is, so that the network sees the mistake', () => {
    const gater = composeGaters({ ...nullConnectionGater, interceptAccept: () => undefined as never }, nullConnectionGater)
    assert.equal(gater.interceptAccept(from('192.0.2.1')), undefined)
    assert.deepEqual(gater.stat(), { refusals: { 'gater-mistake': 1 } })
    const throwing = composeGaters({ ...nullConnectionGater, interceptAccept: () => { throw new RangeError('broken') } })
    assert.throws(() => throwing.interceptAccept(from('192.0.2.1')), RangeError)
  })

  it('counts refusals by rule, of so many rules', () => {
    let i = 0
    const gater = composeGaters({ ...nullConnectionGater, interceptPeerDial: () => deny(`rule-${i++}`) })
    for (let ask = 0; ask < 100; ask++) gater.interceptPeerDial(alice)
    const { refusals } = gater.stat()
    assert.equal(Object.keys(refusals).length, 65)
    assert.deepEqual([refusals['rule-0'], refusals['rule-64'], refusals.other], [1, undefined, 36])
  })

  it('closes what one of them denies', async () => {
    const open = fakeConn({ id: '7', remotePeer: alice })
    const gater = composeGaters(nullConnectionGater, { ...nullConnectionGater, interceptSecured: (_direction, peer) => peer.toString() === alice.toString() ? deny('odd') : ALLOW })
    assert.deepEqual((await gater.enforce({ conns: () => [open] })).map(({ id, rule }) => `${id} ${rule}`), ['7 odd'])
    assert(open.isClosed())
  })

  it('closes what a broken gater is asked of', async () => {
    const report = async (interceptSecured: () => never) => await closeDenied({ conns: () => [fakeConn({ id: '7', remotePeer: alice })] }, { ...nullConnectionGater, interceptSecured })
    assert.equal((await report(() => undefined as never))[0]?.rule, 'gater-mistake')
    assert.equal((await report(() => { throw new Error('x') }))[0]?.rule, 'gater-failed')
  })
})
