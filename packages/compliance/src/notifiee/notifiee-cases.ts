import assert from 'node:assert/strict'
import type { Network, Notifiee, NotifyBundle } from '@weir/network'
import type { Case } from '../case.ts'
import { fakeConn } from '../fake-conn.ts'
import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'

/** What the suite of notifiees is run on. */
export interface NotifieeSubject {
  /** Makes a notifiee with these callbacks. One that forwards nothing may take no notice of them. */
  create (callbacks: NotifyBundle): Notifiee
}

export type NotifieeCase = Case<NotifieeSubject, 'forwards'>

// A notifiee hands the network on and does not use it.
const network = Object.freeze({}) as Network
const conn = fakeConn({ id: '1', remotePeer: samplePeer(1) })
const addr = sampleAddr(1)

const EVENTS: readonly { readonly name: keyof Notifiee, readonly args: readonly unknown[], tell (notifiee: Notifiee): unknown }[] = [
  { name: 'listen', args: [network, addr], tell: notifiee => notifiee.listen(network, addr) },
  { name: 'listenClose', args: [network, addr], tell: notifiee => notifiee.listenClose(network, addr) },
  { name: 'connected', args: [network, conn], tell: notifiee => notifiee.connected(network, conn) },
  { name: 'disconnected', args: [network, conn], tell: notifiee => notifiee.disconnected(network, conn) }
]

/**
 * What every `Notifiee` must do: hear everything, answer nothing and wait for nothing.
 *
 * Capability `forwards`: it calls the callbacks that it was made with. The Null has none.
 */
export const notifieeCases: readonly NotifieeCase[] = [
  ...EVENTS.flatMap(({ name, args, tell }): NotifieeCase[] => [
    { name: `${name} without a callback does nothing`, run (subject) { assert.equal(tell(subject.create({})), undefined) } },
    { name: `${name} may come at any time and again`, run (subject) { for (let i = 0; i < 3; i++) tell(subject.create({})) } },
    {
      name: `${name} calls its callback once, with the network and what it is about`,
      needs: ['forwards'],
      run (subject) {
        const calls: unknown[][] = []
        tell(subject.create({ [name]: (...given: unknown[]) => { calls.push(given) } }))
        assert.deepEqual(calls, [args])
        assert.equal(calls[0]?.[1], args[1], 'the very same, not a copy')
      }
    },
    {
      name: `${name} calls no other callback`,
      needs: ['forwards'],
      run (subject) {
        const called: string[] = []
        const callbacks = Object.fromEntries(EVENTS.map(event => [event.name, () => { called.push(event.name) }]))
        tell(subject.create(callbacks))
        assert.deepEqual(called, [name])
      }
    }
  ]),
  { name: 'a disconnected without its connected does no harm', run (subject) { subject.create({}).disconnected(network, conn) } }
]
