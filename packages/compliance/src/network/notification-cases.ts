import assert from 'node:assert/strict'
import { type Conn, Connectedness, type Network, notifyBundle } from '@weir/network'
import { until } from '../until.ts'
import { within } from '../within.ts'
import { echo, readText, utf8 } from '../muxed-stream/bytes.ts'
import { type NetworkCase, pairCase } from './pair-case.ts'

/** Notifications: each once, in order, and nobody's harm. */
export const notificationCases: readonly NetworkCase[] = [
  pairCase('connected and disconnected come once each, in this order, with network and connection, on both sides', async pair => {
    const told: [side: string, event: string, network: Network, conn: Conn, isSo: boolean][] = []
    for (const [side, network] of [['a', pair.a], ['b', pair.b]] as const) {
      network.notify(notifyBundle({
        connected: (of, conn) => { told.push([side, 'connected', of, conn, of.connectedness(conn.remotePeer) === Connectedness.connected]) },
        disconnected: (of, conn) => { told.push([side, 'disconnected', of, conn, conn.isClosed()]) }
      }))
    }
    const { near, far } = await pair.connect()
    await within(near.close(), 'the connection closes')
    await until(() => told.length >= 4, 'all was told')
    for (const [side, network, conn] of [['a', pair.a, near], ['b', pair.b, far]] as const) {
      const mine = told.filter(([of]) => of === side)
      assert.deepEqual(mine.map(([, event]) => event), ['connected', 'disconnected'], side)
      for (const [, event, of, about, isSo] of mine) assert.deepEqual([of === network, about === conn, isSo], [true, true, true], `${event} of ${side}`)
    }
  }),
  pairCase('connected comes before any stream of the connection', async pair => {
    const log: string[] = []
    pair.b.notify(notifyBundle({ connected: () => { log.push('connected') } }))
    pair.b.setStreamHandler(async stream => {
      log.push('stream')
      await echo(stream)
    })
    const stream = await within(pair.a.newStream(pair.b.localPeer), 'the stream')
    await stream.write(utf8('early'))
    assert.equal(await readText(stream, 5), 'early')
    assert.deepEqual(log, ['connected', 'stream'])
  }),
  pairCase('a connection that was told of is in the lists, one whose end was told of is not', async pair => {
    const counts: number[] = []
    pair.a.notify(notifyBundle({ connected: network => { counts.push(network.conns().length) }, disconnected: network => { counts.push(network.conns().length) } }))
    const { near } = await pair.connect()
    await within(near.close(), 'the connection closes')
    assert.deepEqual(counts, [1, 0])
  }),
  pairCase('after stopNotify nothing is told', async pair => {
    let told = 0
    const notifiee = notifyBundle({ connected: () => { told++ } })
    pair.a.notify(notifiee)
    pair.a.stopNotify(notifiee)
    pair.a.stopNotify(notifiee)
    await pair.connect()
    assert.equal(told, 0)
  }),
  pairCase('a notifiee that throws harms neither the others nor the connection', async pair => {
    const told: string[] = []
    pair.a.notify(notifyBundle({ connected: () => { throw new Error('of a notifiee') }, disconnected: () => { throw new Error('of a notifiee') } }))
    pair.a.notify(notifyBundle({ connected: () => { told.push('connected') }, disconnected: () => { told.push('disconnected') } }))
    const { near } = await pair.connect()
    assert.equal(near.isClosed(), false)
    await within(near.close(), 'the connection closes')
    assert.deepEqual(told, ['connected', 'disconnected'])
  }),
  pairCase('a connection may be closed from inside connected', async pair => {
    const told: string[] = []
    const closing: Promise<void>[] = []
    pair.b.notify(notifyBundle({
      connected: (_, conn) => {
        closing.push(conn.close())
        told.push('connected')
      },
      disconnected: () => { told.push('disconnected') }
    }))
    await within(pair.a.dialPeer(pair.b.localPeer).catch(() => {}), 'the dial ends, in one way or another')
    await until(() => told.length === 2, 'b was told of both')
    assert.deepEqual(told, ['connected', 'disconnected'])
    await within(Promise.all(closing), 'the connection closes')
    await until(() => pair.a.conns().length === 0, 'a hears of the end')
  }),
  pairCase('the network may be closed from inside connected', async pair => {
    const closing: Promise<void>[] = []
    pair.b.notify(notifyBundle({ connected: network => { closing.push(network.close()) } }))
    await within(pair.a.dialPeer(pair.b.localPeer).catch(() => {}), 'the dial ends, in one way or another')
    await until(() => closing.length === 1, 'b was told')
    await within(Promise.all(closing), 'b closes')
    await until(() => pair.a.conns().length === 0, 'a hears of the end')
  })
]
