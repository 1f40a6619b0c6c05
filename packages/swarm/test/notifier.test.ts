import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { nullLogger } from '@weir/adapters'
import { type Network, type Notifiee, notifyBundle } from '@weir/network'
import { Notifier } from '../src/notifier.ts'
import type { SwarmConn } from '../src/swarm-conn.ts'

const NETWORK = {} as Network
const CONN = {} as SwarmConn
const ADDR = multiaddr('/ip4/127.0.0.1/tcp/1')

function recorder (log: string[], name: string, also: Partial<Notifiee> = {}): Notifiee {
  return notifyBundle({
    listen: () => { log.push(`${name} listen`) },
    listenClose: () => { log.push(`${name} listenClose`) },
    connected: () => { log.push(`${name} connected`) },
    disconnected: () => { log.push(`${name} disconnected`) },
    ...also
  })
}

describe('Notifier', () => {
  it('tells everybody everything in order', () => {
    const log: string[] = []
    const notifier = new Notifier(NETWORK, nullLogger.forComponent('test'))
    const [a, b] = [recorder(log, 'a'), recorder(log, 'b')]
    notifier.add(a)
    notifier.add(b)
    notifier.listen(ADDR)
    notifier.connected(CONN)
    notifier.delete(a)
    notifier.disconnected(CONN)
    notifier.listenClose(ADDR)
    assert.deepEqual(log, ['a listen', 'b listen', 'a connected', 'b connected', 'b disconnected', 'b listenClose'])
  })

  it('keeps what one throws from the others', () => {
    const log: string[] = []
    const notifier = new Notifier(NETWORK, nullLogger.forComponent('test'))
    notifier.add(notifyBundle({ connected: () => { throw new Error('mine') } }))
    notifier.add(recorder(log, 'b'))
    notifier.connected(CONN)
    assert.deepEqual(log, ['b connected'])
  })

  it('tells of the end only after all have heard of the beginning', () => {
    const log: string[] = []
    const notifier = new Notifier(NETWORK, nullLogger.forComponent('test'))
    notifier.add(recorder(log, 'a', {
      connected: (_network, conn) => {
        log.push('a connected')
        notifier.disconnected(conn as SwarmConn) // as when a notifiee closes the connection it hears of
      }
    }))
    notifier.add(recorder(log, 'b'))
    notifier.connected(CONN)
    assert.deepEqual(log, ['a connected', 'b connected', 'a disconnected', 'b disconnected'])
  })
})
