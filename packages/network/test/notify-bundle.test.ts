import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { type Conn, type Network, notifyBundle } from '../src/index.ts'

const network = {} as Network
const conn = {} as Conn
const addr = multiaddr('/ip4/192.0.2.1/tcp/2')

/** Calls every callback of a notifiee once. */
function callAll (notifiee: ReturnType<typeof notifyBundle>): void {
  notifiee.listen(network, addr)
  notifiee.listenClose(network, addr)
  notifiee.connected(network, conn)
  notifiee.disconnected(network, conn)
}

describe('notifyBundle', () => {
  it('calls each given callback once, with the network first', () => {
    const calls: unknown[][] = []
    callAll(notifyBundle({
      listen: (...given) => { calls.push(['listen', ...given]) },
      listenClose: (...given) => { calls.push(['listenClose', ...given]) },
      connected: (...given) => { calls.push(['connected', ...given]) },
      disconnected: (...given) => { calls.push(['disconnected', ...given]) }
    }))
    assert.deepEqual(calls, [
      ['listen', network, addr],
      ['listenClose', network, addr],
      ['connected', network, conn],
      ['disconnected', network, conn]
    ])
  })

  it('does nothing for what is not given, or given as undefined', () => {
    callAll(notifyBundle({}))
    callAll(notifyBundle({ listen: undefined, connected: undefined }))
  })

  it('takes an instance of a class, and keeps its this', () => {
    class Counter {
      connections = 0
      connected (): void {
        this.connections++
      }
    }
    const counter = new Counter()
    callAll(notifyBundle(counter))
    assert.equal(counter.connections, 1)
  })

  it('calls what is put in later, as in Go', () => {
    let called = 0
    const callbacks: { connected?: () => void } = {}
    const notifiee = notifyBundle(callbacks)
    callAll(notifiee)
    callbacks.connected = () => { called++ }
    callAll(notifiee)
    assert.equal(called, 1)
  })
})
