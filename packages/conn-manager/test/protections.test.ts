import assert from 'node:assert/strict'
import { ConnHouse, newPeer, peerOf } from './conn-house.ts'

describe('protections', () => {
  it('spare a bounded share of the high mark: who was protected first comes first, the others are remembered', async () => {
    await using house = new ConnHouse({ lowWater: 2, highWater: 20, protectedRatio: 0.1 })
    for (const name of ['a', 'b', 'c', 'd']) {
      house.connect(peerOf(name))
      house.manager.protect(peerOf(name), 'test')
    }
    house.connectMany(3)
    const { numProtectedPeers, numProtectedInForce, numProtectedWaiting } = house.manager.info()
    assert.deepEqual({ numProtectedPeers, numProtectedInForce, numProtectedWaiting }, { numProtectedPeers: 4, numProtectedInForce: 2, numProtectedWaiting: 2 })
    assert.equal(house.manager.isProtected(peerOf('d')), true)
    for (const name of ['c', 'd']) house.manager.tagPeer(peerOf(name), 'test:worst', -1)
    const { spared } = await house.manager.trimOpenConns()
    assert.deepEqual(spared.map(({ peer, reason }) => [peer.toString(), reason]).sort(), [['a', 'protected'], ['b', 'protected']])
    assert(house.closed.includes('c3') && house.closed.includes('c4'))
  })

  it('move up when one is taken back, and when its peer leaves', async () => {
    await using house = new ConnHouse({ lowWater: 5, highWater: 10, protectedRatio: 0.1 })
    for (const name of ['a', 'b', 'c']) house.manager.protect(peerOf(name), 'test')
    assert.equal(house.manager.info().numProtectedInForce, 0, 'nobody is connected')
    const [b, c] = [house.connect(peerOf('b')), house.connect(peerOf('c'))]
    house.connect(peerOf('a'))
    const inForce = (): string => house.manager.explain().filter(({ reason }) => reason === 'protected').map(({ peer }) => peer.toString()).join()
    assert.equal(inForce(), 'b', 'who was protected and connected first')
    await b.close()
    assert.equal(inForce(), 'c')
    house.manager.unprotect(peerOf('c'), 'test')
    assert.equal(inForce(), 'a')
    await c.close()
    assert.equal(inForce(), 'a')
    house.connect(peerOf('b'))
    assert.equal(inForce(), 'a')
    house.manager.unprotect(peerOf('b'), 'test')
    assert.deepEqual([inForce(), house.manager.info().numProtectedWaiting], ['a', 0])
  })

  it('do not change with a second connection of a peer', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 10 })
    const [first, second] = [house.connect(peerOf('a')), house.connect(peerOf('a'))]
    house.manager.protect(peerOf('a'), 'test')
    await first.close()
    assert.equal(house.manager.info().numProtectedInForce, 1)
    await second.close()
    assert.deepEqual([house.manager.info().numProtectedInForce, house.manager.info().numProtectedPeers], [0, 1])
  })

  it('are not taken beyond the bounds, and that shows', async () => {
    await using house = new ConnHouse({ maxProtectedPeers: 2, maxTagsPerPeer: 2 })
    const [a, b, c] = [newPeer(), newPeer(), newPeer()]
    for (const peer of [a, b, c]) house.manager.protect(peer, 'test')
    assert.deepEqual([a, b, c].map(peer => house.manager.isProtected(peer)), [true, true, false])
    for (const tag of ['two', 'three']) house.manager.protect(a, tag)
    assert.deepEqual(['test', 'two', 'three'].map(tag => house.manager.isProtected(a, tag)), [true, true, false])
    assert.equal(house.manager.info().numIgnoredProtections, 2)
    house.manager.unprotect(b, 'test')
    house.manager.protect(c, 'test')
    assert.equal(house.manager.isProtected(c), true)
  })

  it('spare nobody with a share of 0', async () => {
    await using house = new ConnHouse({ lowWater: 1, highWater: 10, protectedRatio: 0 })
    house.manager.protect(house.connect(newPeer()).remotePeer, 'test')
    house.connect(newPeer())
    house.clock.advance(1)
    const { closed } = await house.manager.trimOpenConns()
    assert.equal(closed.length, 1)
  })
})
