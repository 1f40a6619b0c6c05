import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createNode } from '../src/create-node.ts'

const listen = ['/ip4/127.0.0.1/tcp/0']

describe('pushUpdates', () => {
  it('tells peers of a protocol that is new here', async function () {
    this.timeout(20_000)
    await using a = await createNode({ listen })
    await using b = await createNode({ listen })
    const signal = AbortSignal.timeout(15_000)
    const identified = once(b.host.components.events, 'peer:identify', { signal })
    await b.host.connect({ peer: a.peer, addrs: a.addrs() })
    await identified
    a.host.setStreamHandler('/new/here/1.0.0', () => {})
    assert.ok(!b.network.peerstore.protocols(a.peer).includes('/new/here/1.0.0'))
    while (!b.network.peerstore.protocols(a.peer).includes('/new/here/1.0.0')) await once(b.host.components.events, 'peer:identify', { signal })
  })

  it('leaves no timer when the node is closed, however short it ran', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
    await new Promise(resolve => setTimeout(resolve, 20)) // what other tests left
    const before = timers()
    const node = await createNode({ listen })
    node.host.setStreamHandler('/new/here/1.0.0', () => {})
    await node.close()
    await new Promise(resolve => setTimeout(resolve, 20)) // those with no delay
    assert.ok(timers() <= before, `${timers()} timers, ${before} before`)
  })
})
