import assert from 'node:assert/strict'
import { ManualClock } from '@weir/compliance'
import { peerIdFromString } from '@libp2p/peer-id'
import { MemoryDatastore } from 'datastore-core'
import { Key } from 'interface-datastore'
import { createBasicGater, GaterFullError, GaterLoadError } from '../src/index.ts'
import { keysOf } from './keys-of.ts'
import { alice, bob, from, ruleOf } from './peers.ts'

const ROOT = '/libp2p/net/conngater'
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const GOOD = '{"version":1,"reason":"x","untilMs":1e15}'

function datastoreOf (entries: Readonly<Record<string, Uint8Array | string>>): MemoryDatastore {
  const datastore = new MemoryDatastore()
  for (const [path, value] of Object.entries(entries)) datastore.put(new Key(`${ROOT}${path}`, false), typeof value === 'string' ? bytes(value) : value)
  return datastore
}

describe('loading', () => {
  it('MissingFileStartsEmpty', async () => {
    await using gater = await createBasicGater({ datastore: new MemoryDatastore() })
    assert.deepEqual(gater.loadReport, { numLoaded: 0, numOver: 0, numCorrupt: 0, corrupt: [] })
  })

  it('reads its own form', async () => {
    await using gater = await createBasicGater({ clock: new ManualClock(), datastore: datastoreOf({ '/peer/a%2Fb': GOOD, '/addr/2001:db8::1': '{"version":1}', '/subnet/10.0.0.0/8': GOOD, '/trusted/peer/c': '{"version":1,"reason":"friend"}' }) })
    assert.deepEqual(gater.listBlockedPeers(), [{ key: 'a/b', kind: 'manual', reason: 'x', untilMs: 1e15 }])
    assert.deepEqual(gater.listBlockedAddrs(), [{ key: '2001:db8::1', kind: 'manual', reason: '', untilMs: Infinity }])
    assert.deepEqual([gater.listBlockedSubnets()[0]?.key, gater.listTrustedPeers()[0]?.reason], ['10.0.0.0/8', 'friend'])
  })

  it('reads what go-libp2p wrote', async () => {
    const id = alice.toString()
    await using gater = await createBasicGater({
      datastore: datastoreOf({
        [`/peer/${id}`]: peerIdFromString(id).toMultihash().bytes,
        '/peer/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC': peerIdFromString('QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC').toMultihash().bytes,
        '/addr/1.2.3.4': new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4]),
        '/addr/123.34.3.4': new Uint8Array([123, 34, 3, 4]),
        '/addr/7b22:7665::1': new Uint8Array([0x7b, 0x22, 0x76, 0x65, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), // it begins like ours
        '/addr/2001:db8::1': new Uint8Array([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        '/subnet/1.2.3.0/24': '1.2.3.0/24'
      })
    })
    assert.deepEqual([gater.loadReport.numLoaded, gater.loadReport.corrupt], [7, []])
    assert.equal(ruleOf(gater.interceptPeerDial(alice)), 'blocked-peer')
    for (const [ip, rule] of [['1.2.3.4', 'blocked-addr'], ['1.2.3.5', 'blocked-subnet'], ['123.34.3.4', 'blocked-addr'], ['2001:db8::1', 'blocked-addr'], ['2001:db8::2', 'allow']] as const) assert.equal(ruleOf(gater.interceptAccept(from(ip))), rule)
  })

  for (const [what, path, value] of [
    ['CorruptFileRenamedAndEmpty: no JSON', '/peer/x', '{"version":1,'],
    ['no text', '/peer/x', new Uint8Array([0xff, 0xfe])],
    ['nothing', '/peer/x', ''],
    ['null', '/peer/x', 'null'],
    ['UnknownVersionRenamedAndEmpty', '/peer/x', '{"version":2}'],
    ['no version', '/peer/x', '{}'],
    ['an unknown member', '/peer/x', '{"version":1,"until":1}'],
    ['a wrong reason', '/peer/x', '{"version":1,"reason":1}'],
    ['a wrong end', '/peer/x', '{"version":1,"untilMs":"1"}'],
    ['MalformedIdentitySkipped: no peer', '/peer', GOOD],
    ['a text that cannot be decoded', '/peer/%zz', GOOD],
    ['no address', '/addr/1.2.3', GOOD],
    ['no subnet', '/subnet/1.2.3.0/33', GOOD],
    ['no kind', '/host/x', GOOD],
    ['nothing behind the list', '/trusted', GOOD],
    ['bytes of another address', '/addr/1.2.3.4', new Uint8Array([1, 2, 3, 5])],
    ['the text of another subnet', '/subnet/1.2.3.0/24', '1.2.4.0/24'],
    ['bytes of a peer in the list of trusted', '/trusted/peer/x', new Uint8Array(36)]
  ] as const) {
    it(`sets aside and reports ${what}, and loads the rest`, async () => {
      const datastore = datastoreOf({ '/addr/9.9.9.9': GOOD, [path]: value, [`/peer/${bob}`]: GOOD })
      {
        await using gater = await createBasicGater({ datastore, clock: new ManualClock() })
        const { corrupt: [fault], ...counts } = gater.loadReport
        assert.deepEqual(counts, { numLoaded: 2, numOver: 0, numCorrupt: 1 })
        assert.equal(fault?.path, `${ROOT}${path}`)
        assert(fault.why.length > 0)
        assert.equal(ruleOf(gater.interceptPeerDial(bob)), 'blocked-peer')
      }
      assert.deepEqual(keysOf(datastore), [`${ROOT}/addr/9.9.9.9`, `${ROOT}/corrupt${path}`, `${ROOT}/peer/${bob}`])
      assert.deepEqual(datastore.get(new Key(`${ROOT}/corrupt${path}`, false)), typeof value === 'string' ? bytes(value) : value)
      await using again = await createBasicGater({ datastore, clock: new ManualClock() })
      assert.deepEqual(again.loadReport, { numLoaded: 2, numOver: 0, numCorrupt: 0, corrupt: [] })
    })
  }

  it('reports the first hundred, and counts all', async () => {
    const datastore = datastoreOf(Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`/peer/${i}`, 'x'])))
    await using gater = await createBasicGater({ datastore })
    assert.deepEqual([gater.loadReport.numCorrupt, gater.loadReport.corrupt.length], [150, 100])
  })

  it('leaves alone what is not its own', async () => {
    const datastore = new MemoryDatastore()
    datastore.put(new Key('/libp2p/net/conngaterx/peer/x'), bytes('x'))
    datastore.put(new Key('/peers/x'), bytes('x'))
    await using gater = await createBasicGater({ datastore })
    assert.deepEqual([gater.loadReport.numCorrupt, keysOf(datastore).length], [0, 2])
  })

  it('lets others have their turns', async () => {
    const datastore = datastoreOf(Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`/addr/10.0.${i >> 8}.${i & 255}`, GOOD])))
    let turns = 0
    let loading = true
    const count = (): void => {
      turns++
      if (loading) setImmediate(count)
    }
    setImmediate(count)
    await using gater = await createBasicGater({ datastore, clock: new ManualClock() })
    loading = false
    assert.equal(gater.stat().blocked.addrs, 3_000)
    assert(turns >= 10, `${turns} turns`)
  })

  it('fails when the datastore does, or holds more than the bounds allow', async () => {
    const broken = Object.assign(new MemoryDatastore(), { query: () => { throw new Error('no disk') } })
    await assert.rejects(createBasicGater({ datastore: broken }), (error: unknown) => GaterLoadError.is(error) && (error.cause as Error).message === 'no disk')
    const clock = new ManualClock()
    const full = datastoreOf({ '/addr/1.1.1.1': GOOD, '/addr/1.1.1.2': GOOD })
    await assert.rejects(createBasicGater({ datastore: full, maxBlockedAddrs: 1, clock }), (error: unknown) => GaterFullError.is(error) && error.option === 'maxBlockedAddrs')
    assert.equal(clock.pendingTimers, 0)
  })
})
