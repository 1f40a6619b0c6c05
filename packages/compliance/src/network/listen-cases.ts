import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { type Notifiee, notifyBundle } from '@weir/network'
import { within } from '../within.ts'
import { type NetworkCase, pairCase } from './pair-case.ts'

// What nobody listens on and nobody dials any more.
const HOPELESS = multiaddr('/ip4/127.0.0.1/udp/1/utp')

function listenLog (): { readonly log: string[], readonly notifiee: Notifiee } {
  const log: string[] = []
  return { log, notifiee: notifyBundle({ listen: (_, addr) => { log.push(`listen ${addr}`) }, listenClose: (_, addr) => { log.push(`listenClose ${addr}`) } }) }
}

/** Listening: where, since when and until when. */
export const listenCases: readonly NetworkCase[] = [
  pairCase('listening tells the notifiees and shows the real address, which can be dialled', async pair => {
    const { log, notifiee } = listenLog()
    pair.a.notify(notifiee)
    assert.deepEqual(pair.a.listenAddresses(), [])
    await within(pair.a.listen(pair.subject.listenAddr), 'a listens')
    const [addr] = pair.a.listenAddresses()
    assert.deepEqual(log, [`listen ${addr}`])
    pair.acquaint(pair.b, pair.a)
    await within(pair.b.dialPeer(pair.a.localPeer), 'b dials a')
  }),
  pairCase('listenClose tells the notifiees, and nobody gets in any more', async pair => {
    const { log, notifiee } = listenLog()
    pair.b.notify(notifiee)
    const [addr] = pair.b.listenAddresses()
    assert(addr !== undefined)
    await within(pair.b.listenClose(addr), 'b stops')
    assert.deepEqual(pair.b.listenAddresses(), [])
    assert.deepEqual(log, [`listenClose ${addr}`])
    await within(assert.rejects(pair.a.dialPeer(pair.b.localPeer)), 'the dial')
  }),
  pairCase('listenClose of an address that is not listened on is harmless', async pair => {
    await within(pair.b.listenClose(HOPELESS), 'b does nothing')
    assert.equal(pair.b.listenAddresses().length, 1)
    await pair.connect()
  }),
  pairCase('listening on several addresses at once works, each is shown', async pair => {
    await within(pair.a.listen(pair.subject.listenAddr, pair.subject.listenAddr), 'a listens twice')
    assert.equal(new Set(pair.a.listenAddresses().map(String)).size, 2)
  }),
  pairCase('listening where it cannot be done is refused, unless another address works', async pair => {
    await within(assert.rejects(pair.a.listen(HOPELESS)), 'a does not listen')
    assert.deepEqual(pair.a.listenAddresses(), [])
    await within(pair.a.listen(HOPELESS, pair.subject.listenAddr), 'a listens')
    assert.equal(pair.a.listenAddresses().length, 1)
  }),
  pairCase('interfaceListenAddresses says where, and never "any interface"', async pair => {
    const addrs = pair.b.interfaceListenAddresses().map(String)
    assert(addrs.length > 0)
    for (const addr of addrs) assert.doesNotMatch(addr, /^\/(ip4\/0\.0\.0\.0|ip6\/::)\//)
  }),
  pairCase('canDial knows what could be dialled', async pair => {
    const [addr] = pair.b.listenAddresses()
    assert(addr !== undefined)
    assert.equal(pair.a.canDial(pair.b.localPeer, addr), true)
    assert.equal(pair.a.canDial(pair.b.localPeer, HOPELESS), false)
    assert.equal(pair.b.canDial(pair.b.localPeer, addr), false, 'nobody dials himself')
  }),
  pairCase('closing the network tells that it listens no more', async pair => {
    const { log, notifiee } = listenLog()
    pair.b.notify(notifiee)
    const [addr] = pair.b.listenAddresses()
    await within(pair.b.close(), 'b closes')
    assert.deepEqual(log, [`listenClose ${addr}`])
    assert.deepEqual(pair.b.listenAddresses(), [])
  })
]
