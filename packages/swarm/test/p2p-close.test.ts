import assert from 'node:assert/strict'
import { recordingResourceManager, turn, within } from '@weir/compliance'
import { type Conn, ConnClosedError, type Multiplexer, type MuxedStream, notifyBundle } from '@weir/network'
import { yamux } from '@weir/yamux'
import { swarmPair, type SwarmPair, until } from './swarm-pair.ts'

/** A pair whose second has so many handlers running, each until it is let go, and that connection of it. */
async function withHandlers (pair: SwarmPair, count: number, handler: (index: number, conn: Conn) => Promise<void>): Promise<Conn> {
  let begun = 0
  const all = Promise.withResolvers<void>()
  pair.b.setStreamHandler(async stream => {
    const index = begun++
    await all.promise
    await handler(index, stream.conn)
  })
  const near = await pair.a.dialPeer(pair.b.localPeer)
  for (let i = 0; i < count; i++) await (await near.newStream()).write(Buffer.from('x'))
  await until(() => begun === count, 'all run')
  const [conn] = pair.b.conns()
  assert(conn !== undefined)
  all.resolve()
  return conn
}

describe('closing a connection', () => {
  for (const [name, close] of Object.entries<(conn: Conn) => Promise<void>>({
    close: async conn => { await conn.close() },
    closeWithError: async conn => { await conn.closeWithError(42) },
    asyncDispose: async conn => { await conn[Symbol.asyncDispose]() }
  })) {
    it(`${name} ends its scope in this turn, and waits for the handlers of its streams`, async () => {
      const scopes = recordingResourceManager()
      await using pair = await swarmPair({}, { resourceManager: scopes, closeTimeoutMs: 60_000 })
      const slow = Promise.withResolvers<void>()
      const conn = await withHandlers(pair, 2, async () => { await slow.promise })
      let closed = false
      const closing = within(close(conn), 'it closes').then(() => { closed = true })
      assert(scopes.log.includes('conn.done'))
      assert.deepEqual(pair.b.conns(), [])
      await until(() => pair.a.conns().length === 0, 'the remote hears of it')
      for (let i = 0; i < 20; i++) await turn()
      assert.equal(closed, false, 'the handlers have not returned')
      slow.resolve()
      await closing
      scopes.assertAllEnded()
    })
  }

  it('waits when it had ended before, and closePeer waits too', async () => {
    await using pair = await swarmPair({}, { closeTimeoutMs: 60_000 })
    const slow = Promise.withResolvers<void>()
    const conn = await withHandlers(pair, 1, async () => { await slow.promise })
    let closed = 0
    const closing = [pair.b.closePeer(pair.a.localPeer), conn.close()].map(async each => {
      await within(each, 'it closes')
      closed++
    })
    await until(() => pair.a.conns().length === 0, 'the remote hears of it')
    for (let i = 0; i < 20; i++) await turn()
    assert.equal(closed, 0)
    slow.resolve()
    await Promise.all(closing)
  })

  it('does not wait for the handlers that it is called from, but for the others', async () => {
    await using pair = await swarmPair({}, { closeTimeoutMs: 60_000 })
    const order: string[] = []
    const slow = Promise.withResolvers<void>()
    const conn = await withHandlers(pair, 3, async (index, conn) => {
      if (index === 0) await slow.promise
      else await within(conn.close(), 'it closes from within')
      order.push(index === 0 ? 'slow' : 'within')
    })
    const closing = within(conn.close(), 'it closes').then(() => { order.push('closed') })
    for (let i = 0; i < 20; i++) await turn()
    assert.deepEqual(order, [])
    slow.resolve()
    await closing
    await until(() => order.length === 4, 'all return')
    assert.equal(order[0], 'slow')
  })

  it('does not wait for the handlers of other connections', async () => {
    await using pair = await swarmPair({}, { closeTimeoutMs: 60_000 })
    const slow = Promise.withResolvers<void>()
    const conn = await withHandlers(pair, 1, async () => { await slow.promise })
    const other = await pair.a.dialPeer(pair.b.localPeer)
    assert.equal(other.isClosed(), false)
    pair.b.peerstore.addAddrs(pair.a.localPeer, pair.a.listenAddresses(), 60_000)
    await using second = await swarmPair()
    second.a.peerstore.addAddrs(pair.b.localPeer, pair.b.listenAddresses(), 60_000)
    await second.a.dialPeer(pair.b.localPeer)
    await until(() => pair.b.connsToPeer(second.a.localPeer).length === 1, 'the other is there')
    await within(pair.b.closePeer(second.a.localPeer), 'the other closes')
    assert.equal(conn.isClosed(), false)
    slow.resolve()
  })

  it('from a handler does not keep the swarm from waiting for that, nor a close of the swarm from within the connection from closing', async () => {
    await using pair = await swarmPair({}, { closeTimeoutMs: 60_000 })
    const order: string[] = []
    const slow = Promise.withResolvers<void>()
    const conn = await withHandlers(pair, 2, async (index, conn) => {
      if (index === 0) {
        await conn.close() // would wait for the second, which waits for the swarm
        await slow.promise
        order.push('the first')
      } else {
        await pair.b.close()
        order.push('the second')
      }
    })
    await until(() => conn.isClosed(), 'it is closed')
    for (let i = 0; i < 20; i++) await turn()
    const closing = within(pair.b.close(), 'the swarm closes').then(() => { order.push('the swarm') })
    slow.resolve()
    await closing
    await until(() => order.length === 3, 'all is over')
    assert.equal(order[0], 'the first')
  })

  it('waits no longer than it may', async () => {
    await using pair = await swarmPair({}, { closeTimeoutMs: 50 })
    const conn = await withHandlers(pair, 1, async () => { await new Promise(() => {}) })
    await within(conn.close(), 'it closes')
  })

  it('hands out no stream that came in the turn in which it ended', async () => {
    const scopes = recordingResourceManager()
    const arrived = Promise.withResolvers<MuxedStream>()
    const accepts = [arrived.promise, new Promise<never>(() => {})]
    const aborted: Error[] = []
    const stream = { abort: (cause: Error) => { aborted.push(cause) } } as MuxedStream
    const muxer: Multiplexer = {
      protocol: yamux().protocol,
      newConn: conn => ({
        openStream: async () => await new Promise(() => {}),
        acceptStream: () => accepts.shift() ?? Promise.reject(new Error('asked too often')),
        close: async () => { await conn.close() },
        closeWithError: async () => { await conn.close() },
        abort: cause => { conn.abort(cause) },
        isClosed: () => false
      })
    }
    await using pair = await swarmPair({}, { muxers: [muxer], resourceManager: scopes })
    let handled = 0
    pair.b.setStreamHandler(() => { handled++ })
    await pair.a.dialPeer(pair.b.localPeer)
    await until(() => pair.b.conns().length === 1, 'it is there')
    arrived.resolve(stream)
    const closing = pair.b.conns()[0]?.close()
    await turn()
    assert.equal(handled, 0)
    assert(ConnClosedError.is(aborted[0]))
    await closing
    scopes.assertAllEnded()
  })

  // p2p/test, "Close with a Connected handler blocked": notifiees are told synchronously here, so that the only
  // wait they can make is one that nobody awaits. What is left to hold is that it stops nothing.
  it('a hundred nodes close while a notifiee of each waits for ever', async () => {
    await using hub = await swarmPair()
    let told = 0
    const blocked = notifyBundle({ connected: async () => {
      told++
      await new Promise(() => {})
    } })
    hub.b.notify(blocked)
    const pairs = await Promise.all(Array.from({ length: 49 }, async () => await swarmPair()))
    for (const { a } of pairs) {
      a.notify(blocked)
      a.peerstore.addAddrs(hub.b.localPeer, hub.b.listenAddresses(), 60_000)
      await a.dialPeer(hub.b.localPeer)
    }
    await until(() => told === 98, 'all are told')
    await within(Promise.all([hub.b.close(), ...pairs.map(async pair => { await pair[Symbol.asyncDispose]() })]), 'all close')
  }).timeout(20_000)
})
