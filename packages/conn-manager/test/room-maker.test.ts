import assert from 'node:assert/strict'
import { ConnErrorCode, type LocalRefusal, ResourceLimitExceededError } from '@weir/network'
import { addrIn, newPeer, peerOf } from './conn-house.ts'
import { FullNode } from './full-node.ts'

const GRACE_MS = 60_000

/** A node of three places that are taken by one group, out of grace. */
function threeOfOneGroup (): FullNode {
  const node = new FullNode(3, { gracePeriodMs: GRACE_MS, lowWater: 100, highWater: 100 })
  for (let n = 0; n < 3; n++) node.accept(newPeer(), addrIn(1, n))
  node.clock.advance(GRACE_MS)
  return node
}

describe('making room', () => {
  it('ends one of the most crowded group for a newcomer from elsewhere, with a code', async () => {
    await using node = threeOfOneGroup()
    assert(node.accept(newPeer(), addrIn(2)))
    assert.deepEqual([...node.codes], [['c3', ConnErrorCode.garbageCollected]], 'of equals the youngest')
    assert.equal(node.manager.info().numRoomsMade, 1)
  })

  it('ends the one of least value there, then the idle one', async () => {
    await using node = threeOfOneGroup()
    node.manager.tagPeer([...node.open.values()][1]?.remotePeer ?? peerOf(''), 'test:bad', -1)
    assert(node.accept(newPeer(), addrIn(2)))
    assert.deepEqual(node.closed, ['c2'])
    await using busy = new FullNode(2, { gracePeriodMs: GRACE_MS })
    busy.accept(newPeer(), addrIn(1))
    busy.accept(newPeer(), addrIn(1), { numStreams: 2 })
    busy.clock.advance(GRACE_MS)
    assert(busy.accept(newPeer(), addrIn(2)))
    assert.deepEqual(busy.closed, ['c1'])
  })

  it('ends nobody in grace', async () => {
    await using node = new FullNode(3, { gracePeriodMs: GRACE_MS })
    for (let n = 0; n < 3; n++) node.accept(newPeer(), addrIn(1, n))
    node.clock.advance(GRACE_MS - 1)
    assert.equal(node.accept(newPeer(), addrIn(2)), undefined)
    node.clock.advance(1)
    assert(node.accept(newPeer(), addrIn(2)))
    assert.equal(node.manager.info().numRoomsRefused, 1)
  })

  it('ends nobody who is trusted or protected', async () => {
    await using node = new FullNode(3, { gracePeriodMs: GRACE_MS, isTrusted: peer => peer.toString() === 'friend' })
    node.accept(peerOf('friend'), addrIn(1))
    node.accept(peerOf('protected'), addrIn(1))
    node.manager.protect(peerOf('protected'), 'test')
    node.accept(peerOf('third'), addrIn(1))
    node.clock.advance(GRACE_MS)
    for (let n = 0; n < 3; n++) node.accept(newPeer(), addrIn(10 + n))
    assert.deepEqual(node.closed, ['c3'])
  })

  it('displaces nobody of a less crowded group for a newcomer of a more crowded one, but one of its own', async () => {
    await using node = new FullNode(3, { gracePeriodMs: GRACE_MS })
    node.accept(newPeer(), addrIn(2))
    node.accept(newPeer(), addrIn(1, 1))
    node.accept(newPeer(), addrIn(1, 2))
    node.clock.advance(GRACE_MS)
    assert(node.accept(newPeer(), addrIn(1, 3)))
    assert(node.accept(newPeer(), addrIn(1, 4)))
    assert.equal(node.accept(newPeer(), addrIn(1, 5)), undefined, 'its own are all in grace')
    assert.deepEqual(node.closed, ['c3', 'c2'])
  })

  it('takes no place from somebody of value unless the places are divided more evenly then', async () => {
    await using node = new FullNode(3, { gracePeriodMs: GRACE_MS })
    for (const [name, group] of [['a', 1], ['b', 2], ['c', 3]] as const) {
      node.accept(peerOf(name), addrIn(group))
      node.manager.tagPeer(peerOf(name), 'test:use', 1)
    }
    node.clock.advance(GRACE_MS)
    assert.equal(node.accept(newPeer(), addrIn(4)), undefined, 'one of each, for one of another')
    assert.equal(node.accept(newPeer(), addrIn(1)), undefined, 'nor of its own')
    node.manager.tagPeer(peerOf('b'), 'test:use', 0)
    assert(node.accept(newPeer(), addrIn(4)))
    assert.deepEqual(node.closed, ['c2'])
    await using crowded = threeOfOneGroup()
    for (const { remotePeer } of crowded.open.values()) crowded.manager.tagPeer(remotePeer, 'test:use', 9)
    assert(crowded.accept(newPeer(), addrIn(2)))
  })

  it('counts those to their group for whom room was made and who have not come yet', async () => {
    await using node = new FullNode(6, { gracePeriodMs: GRACE_MS })
    for (let n = 0; n < 6; n++) node.accept(newPeer(), addrIn(1, n))
    node.clock.advance(GRACE_MS)
    const again = (): boolean => node.manager.makeRoom(new ResourceLimitExceededError(SYSTEM), { localMultiaddr: addrIn(0), remoteMultiaddr: addrIn(2) })
    // Somebody connects from one place and says nothing: their group counts 1, 2, 3, and then as many as the others.
    assert.deepEqual([again(), again(), again(), again()], [true, true, true, false])
    assert.equal(node.closed.length, 3)
    node.clock.advance(15_000)
    assert.equal(again(), true, 'who has not come by then does not come')
    node.connect(newPeer(), { direction: 'inbound', addr: addrIn(2) })
    assert.deepEqual([again(), again()], [true, false], 'who has come counts as a connection, and no more as one who is expected')
  })

  it('makes no more than so many places for those who do not come, wherever they are from', async () => {
    await using node = new FullNode(100)
    for (let n = 0; n < 100; n++) node.accept(newPeer(), addrIn(n))
    let made = 0
    for (let n = 100; n < 200; n++) made += Number(node.manager.makeRoom(new ResourceLimitExceededError(SYSTEM), { localMultiaddr: addrIn(n), remoteMultiaddr: addrIn(n) }))
    assert.equal(made, 64)
  })

  it('works without knowing where the newcomer is from', async () => {
    await using node = threeOfOneGroup()
    assert.equal(node.manager.makeRoom(new ResourceLimitExceededError(SYSTEM)), true)
    node.connect(newPeer(), { direction: 'inbound', addr: addrIn(3) })
    assert.equal(node.manager.makeRoom(new ResourceLimitExceededError(SYSTEM)), true)
  })

  const SYSTEM: LocalRefusal = { where: 'local', scope: { kind: 'system' }, resource: 'connection', direction: 'inbound', current: 3, attempted: 1, limit: 3 }
  const refusals: [string, LocalRefusal, boolean][] = [
    ['inbound connections of the system', SYSTEM, true],
    ['connections of the system', { ...SYSTEM, direction: undefined }, true],
    ['file descriptors of the system', { ...SYSTEM, direction: undefined, resource: 'fd' }, true],
    ['outbound connections', { ...SYSTEM, direction: 'outbound' }, false],
    ['handshakes', { ...SYSTEM, scope: { kind: 'transient' } }, false],
    ['connections of a subnet', { ...SYSTEM, scope: { kind: 'subnet', prefix: '10.2.0.1/32' } }, false],
    ['connections of the allowlisted', { ...SYSTEM, scope: { kind: 'allowlisted-system' } }, false],
    ['pressure', { ...SYSTEM, resource: 'pressure' }, false],
    ['memory', { ...SYSTEM, resource: 'memory', direction: undefined }, false]
  ]
  for (const [name, refusal, expected] of refusals) {
    it(`${expected ? 'ends one' : 'ends none'} when there are too many ${name}`, async () => {
      await using node = threeOfOneGroup()
      assert.equal(node.manager.makeRoom(new ResourceLimitExceededError(refusal)), expected)
      assert.equal(node.closed.length, Number(expected))
    })
  }

  it('says no when the connection did not end in the same turn', async () => {
    await using node = threeOfOneGroup()
    for (const conn of node.open.values()) Object.assign(conn, { closeWithError: async () => {} })
    assert.equal(node.manager.makeRoom(new ResourceLimitExceededError(SYSTEM)), false)
  })

  it('swallows what a connection throws when it is closed', async () => {
    await using node = threeOfOneGroup()
    for (const conn of node.open.values()) {
      const { closeWithError } = conn
      Object.assign(conn, { closeWithError: async (code: number) => { await closeWithError(code); throw new Error('of the wire') } })
    }
    assert.equal(node.manager.makeRoom(new ResourceLimitExceededError(SYSTEM)), true)
    await node.clock.advanceAsync(0)
  })

  it('looks at a bounded number for one refusal', async () => {
    await using node = new FullNode(3_000)
    for (let n = 0; n < 3_000; n++) node.accept(peerOf(`many-${n}`), addrIn(1, n))
    let asked = 0
    for (const conn of node.open.values()) {
      const { stat } = conn
      Object.assign(conn, { stat: () => { asked++; return stat() } })
    }
    assert.equal(node.manager.makeRoom(new ResourceLimitExceededError(SYSTEM)), true)
    assert(asked <= 2_000, `${asked}`)
  })
})

describe('places that are kept', () => {
  it('an inbound flood never takes those of trusted and of protected peers', async () => {
    await using node = new FullNode(10, { gracePeriodMs: GRACE_MS, maxUntrustedInbound: 7, isTrusted: peer => peer.toString().startsWith('friend') })
    for (let n = 0; n < 50; n++) node.accept(newPeer(), addrIn(n))
    assert.deepEqual([node.numInbound, node.manager.info().numUntrustedInbound], [7, 7])
    assert([...node.codes.values()].every(code => code === ConnErrorCode.resourceLimitExceeded), 'the newcomers are sent away')
    node.manager.protect(peerOf('known'), 'test')
    assert(node.accept(peerOf('known'), addrIn(1)))
    assert(node.accept(peerOf('friend-1'), addrIn(1)))
    assert(node.accept(peerOf('friend-2'), addrIn(1)))
    assert.equal(node.numInbound, 10)
  })

  it('a newcomer from elsewhere gets the place of somebody of a crowded group there too', async () => {
    await using node = new FullNode(10, { gracePeriodMs: GRACE_MS, maxUntrustedInbound: 7 })
    for (let n = 0; n < 7; n++) node.accept(newPeer(), addrIn(1, n))
    node.clock.advance(GRACE_MS)
    assert(node.accept(newPeer(), addrIn(2)))
    assert.deepEqual([node.closed.length, node.manager.info().numUntrustedInbound], [1, 7])
    for (let n = 0; n < 30; n++) node.accept(newPeer(), addrIn(1, 100 + n))
    assert.equal(node.manager.info().numUntrustedInbound, 7)
    assert([...node.open.values()].some(conn => conn.remoteMultiaddr.toString().includes('10.2.')))
  })

  it('outbound connections take none of them', async () => {
    await using node = new FullNode(10, { maxUntrustedInbound: 1 })
    for (let n = 0; n < 20; n++) node.connect(newPeer(), { direction: 'outbound' })
    assert.deepEqual(node.closed, [])
  })
})
