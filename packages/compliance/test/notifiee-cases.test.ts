import assert from 'node:assert/strict'
import { noopNotifiee, notifyBundle, type NotifyBundle, type Notifiee } from '@weir/network'
import { applicable, notifieeCases } from '../src/index.ts'
import { failingCases } from './failing-cases.ts'

describe('the suite of notifiees', () => {
  for (const c of applicable(notifieeCases, { forwards: false })) it(`the Null: ${c.name}`, () => c.run({ create: () => noopNotifiee }))
  for (const c of applicable(notifieeCases, { forwards: true })) it(`notifyBundle: ${c.name}`, () => c.run({ create: notifyBundle }))

  const broken: readonly [what: string, create: (callbacks: NotifyBundle) => Notifiee, name: string][] = [
    ['needs every callback', callbacks => ({ ...notifyBundle(callbacks), listen: (network, addr) => { (callbacks.listen as Notifiee['listen'])(network, addr) } }), 'listen without a callback does nothing'],
    ['calls twice', callbacks => ({ ...notifyBundle(callbacks), connected: (network, conn) => { for (let i = 0; i < 2; i++) callbacks.connected?.(network, conn) } }), 'connected calls its callback once, with the network and what it is about'],
    ['mixes up', callbacks => ({ ...notifyBundle(callbacks), listenClose: (network, addr) => { callbacks.listen?.(network, addr) } }), 'listenClose calls no other callback'],
    ['copies', callbacks => ({ ...notifyBundle(callbacks), disconnected: (network, conn) => { callbacks.disconnected?.(network, { ...conn }) } }), 'disconnected calls its callback once, with the network and what it is about'],
    ['forwards nothing', () => noopNotifiee, 'disconnected calls no other callback']
  ]
  for (const [what, create, name] of broken) {
    it(`finds a notifiee that ${what}`, async () => {
      const failing = await failingCases(notifieeCases, () => ({ create }))
      assert(failing.includes(name), `failing were:\n${failing.join('\n')}`)
    })
  }

  it('has a name of its own for each case', () => {
    assert.equal(new Set(notifieeCases.map(({ name }) => name)).size, notifieeCases.length)
  })
})
