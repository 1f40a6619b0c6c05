import assert from 'node:assert/strict'
import { addrIn, ConnHouse, peerOf } from './conn-house.ts'

async function mixedHouse (): Promise<ConnHouse> {
  const house = new ConnHouse({ lowWater: 1, highWater: 20, gracePeriodMs: 1_000, isTrusted: peer => peer.toString() === 'trusted' })
  house.manager.tagPeer(peerOf('tagged'), 'test:a', 7)
  for (const name of ['good', 'bad', 'middle', 'trusted', 'protected']) {
    house.connect(peerOf(name), { addr: addrIn(name.length), direction: 'inbound' })
    house.clock.advance(1)
  }
  house.manager.tagPeer(peerOf('good'), 'test:a', 5)
  house.manager.tagPeer(peerOf('bad'), 'test:a', -5)
  house.manager.protect(peerOf('protected'), 'test')
  await house.clock.advanceAsync(1_000)
  house.connect(peerOf('new'), { numStreams: 2 })
  house.manager.tagPeer(peerOf('tagged lately'), 'test:a', 1)
  return house
}

describe('explain', () => {
  it('ranks every peer, with what would become of it and why', async () => {
    await using house = await mixedHouse()
    assert.deepEqual(house.manager.explain().map(({ peer, rank, verdict, reason }) => [rank, peer.toString(), verdict, reason]), [
      [0, 'tagged', 'forget', 'has tags but no connection'],
      [1, 'bad', 'close', 'value -5, 0 more from 10.3.0.0/16, 0 streams, inbound'],
      [2, 'middle', 'close', 'value 0, 0 more from 10.6.0.0/16, 0 streams, inbound'],
      [3, 'good', 'keep', 'value 5, 0 more from 10.4.0.0/16, 0 streams, inbound'],
      [4, 'protected', 'spare', 'protected'],
      [5, 'trusted', 'spare', 'trusted'],
      [6, 'new', 'spare', 'connected not long ago: in its period of grace'],
      [7, 'tagged lately', 'spare', 'has tags but no connection, since not long ago']
    ])
  })

  it('says what a trim then does', async () => {
    await using house = await mixedHouse()
    const expected = house.manager.explain().filter(({ verdict }) => verdict === 'close').flatMap(({ connIds }) => connIds)
    const { closed } = await house.manager.trimOpenConns()
    assert.deepEqual(closed.map(({ connId }) => connId), expected)
    assert.equal(house.manager.tagInfo(peerOf('tagged')), undefined)
    assert.equal(house.manager.tagInfo(peerOf('tagged lately'))?.value, 1)
  })

  it('changes nothing', async () => {
    await using house = await mixedHouse()
    const before = [house.manager.explain(), house.manager.info()]
    assert.deepEqual([house.manager.explain(), house.manager.info()], before)
    assert.deepEqual(house.closed, [])
  })
})

describe('info', () => {
  it('can be cloned, and costs the same for any number of peers', async () => {
    await using house = await mixedHouse()
    assert.deepEqual(structuredClone(house.manager.info()), house.manager.info())
    const { numConns, numPeers, numUntrustedInbound, numTempPeers, numProtectedPeers } = house.manager.info()
    assert.deepEqual({ numConns, numPeers, numUntrustedInbound, numTempPeers, numProtectedPeers }, { numConns: 6, numPeers: 6, numUntrustedInbound: 4, numTempPeers: 2, numProtectedPeers: 1 })
  })
})
