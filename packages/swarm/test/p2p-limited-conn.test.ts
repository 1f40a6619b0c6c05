import assert from 'node:assert/strict'
import { Connectedness, LimitedConnError, NoConnError } from '@weir/network'
import { limitedPair } from './limited-pair.ts'
import { echo, until } from './swarm-pair.ts'

// p2p/test/swarm, TestDialPeerTransient, TestNewStreamTransient
describe('a limited connection', () => {
  it('DialPeerTransient: is what a dial gets, and is kept; one that has to be direct dials another', async () => {
    await using pair = await limitedPair()
    pair.b.setStreamHandler(echo)
    const limited = await pair.a.dialPeer(pair.b.localPeer)
    assert.equal(limited.stat().limited, true)
    assert.equal(await pair.a.dialPeer(pair.b.localPeer), limited)
    pair.direct = true
    const direct = await pair.a.dialPeer(pair.b.localPeer, { forceDirectDial: 'a test' })
    assert.deepEqual([direct === limited, direct.stat().limited, limited.isClosed()], [false, false, false])
    assert.equal(await pair.a.dialPeer(pair.b.localPeer), direct, 'the better one from now on')
  })

  it('NewStreamTransient: carries streams for those who allow it, and for nobody else', async () => {
    await using pair = await limitedPair()
    pair.b.setStreamHandler(echo)
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    assert.equal(pair.a.connectedness(pair.b.localPeer), Connectedness.limited)
    await assert.rejects(conn.newStream(), LimitedConnError.is)
    await assert.rejects(pair.a.newStream(pair.b.localPeer, { signal: AbortSignal.timeout(20) }))
    assert.equal(conn.stat().numStreams, 0)
    for (const stream of [await conn.newStream({ allowLimitedConn: 'a test' }), await pair.a.newStream(pair.b.localPeer, { allowLimitedConn: 'a test', noDial: 'a test' })]) {
      await stream.write(Buffer.from('x'))
      assert.deepEqual(await stream.read(), new Uint8Array(Buffer.from('x')))
      assert.deepEqual([stream.conn === conn, stream.stat().limited], [true, true])
      await stream.close()
    }
  })

  it('leaves the peer limited when the direct one ends, and not connected when it ends itself', async () => {
    await using pair = await limitedPair()
    pair.b.setStreamHandler(echo)
    const seen: string[] = []
    pair.a.onConnectednessChanged(({ connectedness }) => { seen.push(connectedness) })
    const limited = await pair.a.dialPeer(pair.b.localPeer)
    pair.direct = true
    const direct = await pair.a.dialPeer(pair.b.localPeer, { forceDirectDial: 'a test' })
    await direct.close()
    assert.equal(pair.a.connectedness(pair.b.localPeer), Connectedness.limited)
    await limited.close()
    await until(() => pair.b.conns().length === 0, 'the other side hears of it')
    assert.deepEqual(seen, ['Limited', 'Connected', 'Limited', 'NotConnected'])
    await assert.rejects(pair.a.newStream(pair.b.localPeer, { noDial: 'a test', allowLimitedConn: 'a test' }), NoConnError.is)
  })
})
