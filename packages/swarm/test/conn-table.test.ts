import assert from 'node:assert/strict'
import { samplePeer } from '@weir/compliance'
import { ConnTable } from '../src/conn-table.ts'
import type { SwarmConn } from '../src/swarm-conn.ts'

interface Traits { readonly limited?: boolean, readonly isRelayed?: boolean, readonly numStreams?: number, readonly closed?: boolean }

function best (...conns: readonly Traits[]): number {
  const table = new ConnTable()
  const added = conns.map(({ closed = false, ...traits }) => ({ limited: false, isRelayed: false, numStreams: 0, ...traits, remotePeer: samplePeer(0), isClosed: () => closed }) as unknown as SwarmConn)
  for (const conn of added) table.add(conn)
  return added.indexOf(table.best(samplePeer(0)) as SwarmConn)
}

// reference/go-libp2p.md 5.8
describe('ConnTable', () => {
  it('BestConn: open, unlimited, direct, with the most streams, the newest, in this order', () => {
    assert.equal(best(), -1)
    assert.equal(best({ closed: true }), -1)
    assert.equal(best({}, { closed: true, numStreams: 9 }), 0)
    assert.equal(best({ isRelayed: true }, { limited: true, numStreams: 9 }), 0, 'unlimited goes before direct')
    assert.equal(best({ limited: true, numStreams: 9 }, { isRelayed: true }), 1)
    assert.equal(best({}, { isRelayed: true, numStreams: 9 }), 0, 'direct goes before many streams')
    assert.equal(best({ isRelayed: true, numStreams: 9 }, {}), 1)
    assert.equal(best({ numStreams: 2 }, { numStreams: 1 }), 0)
    assert.equal(best({ numStreams: 1 }, { numStreams: 1 }), 1, 'the newest')
  })
})
