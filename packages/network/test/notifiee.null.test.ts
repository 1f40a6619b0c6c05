import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { type Conn, type Network, noopNotifiee } from '../src/index.ts'

describe('noopNotifiee', () => {
  it('hears everything and does nothing', () => {
    const network = Object.freeze({}) as Network
    const conn = Object.freeze({}) as Conn
    const addr = multiaddr('/ip4/192.0.2.1/tcp/2')
    assert.equal(noopNotifiee.listen(network, addr), undefined)
    assert.equal(noopNotifiee.listenClose(network, addr), undefined)
    assert.equal(noopNotifiee.connected(network, conn), undefined)
    assert.equal(noopNotifiee.disconnected(network, conn), undefined)
  })

  it('is frozen', () => {
    assert.ok(Object.isFrozen(noopNotifiee))
  })
})
