import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { ManualClock } from '@weir/compliance'
import { ADDRESS_DEFAULTS } from '../src/defaults.ts'
import { NotOfferedError } from '../src/errors.ts'
import { JsAddressManager } from '../src/js-address-manager.ts'

const listened = multiaddr('/ip4/192.168.1.2/tcp/4001')
const observed = (i: number) => multiaddr(`/ip4/1.2.3.${i}/tcp/4001`)

function setup () {
  const state = { changes: 0 }
  return { state, manager: new JsAddressManager({ clock: new ManualClock({ wallMs: 1_000 }), listenAddrs: () => [listened], changed: () => { state.changes++ } }) }
}

describe('JsAddressManager', () => {
  it('gives what is listened on', () => {
    const { manager } = setup()
    assert.deepEqual(manager.getListenAddrs(), [listened])
    assert.deepEqual(manager.getAddresses(), [listened])
    assert.deepEqual(manager.getAnnounceAddrs(), [])
  })

  it('gives an observed address once it is confirmed', () => {
    const { manager, state } = setup()
    manager.addObservedAddr(observed(1))
    assert.deepEqual(manager.getAddresses(), [listened])
    assert.deepEqual(manager.getObservedAddrs(), [observed(1)])
    manager.confirmObservedAddr(observed(1))
    assert.deepEqual(manager.getAddresses(), [listened, observed(1)])
    assert.equal(manager.getAddressesWithMetadata()[1]?.lastVerified, 1_000)
    manager.addObservedAddr(observed(1))
    assert.equal(manager.getAddresses().length, 2, 'seen again it stays confirmed')
    manager.removeObservedAddr(observed(1))
    manager.removeObservedAddr(observed(1))
    assert.deepEqual(manager.getAddresses(), [listened])
    assert.equal(state.changes, 2)
    manager.confirmObservedAddr(listened)
    assert.equal(state.changes, 2)
  })

  it('remembers the last few, confirmed or not', () => {
    const { manager } = setup()
    for (let i = 0; i < 50; i++) manager.addObservedAddr(observed(i))
    assert.deepEqual(manager.getObservedAddrs().map(String), Array.from({ length: ADDRESS_DEFAULTS.maxObserved }, (_, i) => String(observed(50 - ADDRESS_DEFAULTS.maxObserved + i))))
    for (let i = 0; i < 50; i++) manager.confirmObservedAddr(observed(i))
    assert.equal(manager.getAddresses().length, 1 + ADDRESS_DEFAULTS.maxObserved)
  })

  it('says what it does not offer', () => {
    const { manager } = setup()
    for (const call of ['addDNSMapping', 'removeDNSMapping', 'addPublicAddressMapping', 'removePublicAddressMapping'] as const) assert.throws(() => { manager[call]() }, NotOfferedError.is)
  })
})
