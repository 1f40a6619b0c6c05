import assert from 'node:assert/strict'
import { type ConnManagementScope, type PeerRef, type ResourceManager, scopeName } from '@weir/network'
import { SUBNET_LIMIT_DEFAULTS } from '../src/index.ts'
import { limiterFor } from './limits-for.ts'
import { addrOf, anyAddr, managerFor, namedPeer, refusalOf, used } from './manager-for.ts'

const peerA: PeerRef = namedPeer('12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5')
const peerB: PeerRef = namedPeer('12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq')
const one = { numConnsInbound: 1, numFD: 1 }

function openFrom (manager: ResourceManager, ip: string): ConnManagementScope {
  return manager.openConnection('inbound', true, addrOf(ip))
}

const FULL = { system: { conns: 0 }, transient: { conns: 0 } }

describe('ConnScope', () => {
  it('TestResourceManagerWithAllowlist: trusted addresses get in where nobody does, with the peers they are trusted with', () => {
    const { manager } = managerFor({ limits: limiterFor(FULL), allowlist: ['/ip4/1.2.3.4', `/ip4/4.3.2.1/p2p/${peerA}`] })
    assert.equal(refusalOf(() => openFrom(manager, '1.2.3.5')).scope.kind, 'transient')
    using anybody = openFrom(manager, '1.2.3.4')
    anybody.setPeer(peerA)
    using wrong = openFrom(manager, '4.3.2.1')
    refusalOf(() => wrong.setPeer(peerB))
    assert.equal(wrong.peerScope, undefined)
    using right = openFrom(manager, '4.3.2.1')
    right.setPeer(peerA)
    assert(manager.allowlist.allowed(addrOf('1.2.3.4')))
    assert.deepEqual(manager.snapshot().allowlistedSystem.stat.numConnsInbound, 3)
    assert.deepEqual([manager.viewSystem(used), manager.viewTransient(used)], [{}, {}])
  })

  it('the room that everybody has comes first: the allowlisted scopes are for what finds none', () => {
    const { manager } = managerFor({ limits: limiterFor({ system: { conns: 1 }, 'allowlisted-system': { conns: 1 }, 'allowlisted-transient': { fds: 1 } }), allowlist: ['/ip4/1.2.3.4'] })
    const first = openFrom(manager, '1.2.3.4')
    const second = openFrom(manager, '1.2.3.4')
    const stat = (): unknown[] => [manager.snapshot().system.stat.numConnsInbound, manager.snapshot().allowlistedSystem.stat.numConnsInbound]
    assert.deepEqual(stat(), [1, 1])
    assert.equal(refusalOf(() => openFrom(manager, '1.2.3.4')).scope.kind, 'allowlisted-transient')
    second.setPeer(peerA)
    assert.equal(refusalOf(() => openFrom(manager, '1.2.3.4')).scope.kind, 'allowlisted-system')
    assert.deepEqual(manager.viewPeer(peerA, used), one)
    second.done()
    first.done()
    assert.deepEqual(stat(), [0, 0])
  })

  describe('fault 8: a trusted address with another peer', () => {
    const allowlist = [`/ip4/1.2.3.4/p2p/${peerA}`]

    it('needs the room that everybody needs, and moves there', () => {
      let conns = 0
      const limits = limiterFor()
      const dynamic = { ...limits, systemLimits: () => ({ ...limits.systemLimits(), get conns () { return conns } }) }
      const { manager } = managerFor({ limits: dynamic, allowlist })
      const conn = openFrom(manager, '1.2.3.4')
      conn.reserveMemory(10, 255)
      assert.deepEqual(manager.snapshot().allowlistedTransient.stat.memoryBytes, 10)
      conns = 1
      conn.setPeer(peerB)
      const { system, transient, allowlistedSystem, allowlistedTransient } = manager.snapshot()
      assert.deepEqual([system, transient, allowlistedSystem, allowlistedTransient].map(({ stat }) => [stat.numConnsInbound, stat.numFD, stat.memoryBytes]), [[1, 1, 10], [0, 0, 0], [0, 0, 0], [0, 0, 0]])
      assert.deepEqual(manager.viewPeer(peerB, used), { ...one, memoryBytes: 10 })
      conn.done()
      assert.deepEqual([manager.viewSystem(used), manager.viewPeer(peerB, used)], [{}, {}])
    })

    for (const [scope, limits] of [['system', { system: { conns: 0 } }], ['transient', { transient: { fds: 0 } }]] as const) {
      it(`stays charged as it was when there is none in ${scope}, whoever is tried how often, and all comes back`, () => {
        const { manager } = managerFor({ limits: limiterFor(limits), allowlist })
        const conn = openFrom(manager, '1.2.3.4')
        conn.reserveMemory(10, 255)
        const before = manager.snapshot({ level: 'all' })
        for (let i = 0; i < 3; i++) {
          assert.equal(refusalOf(() => conn.setPeer(peerB)).scope.kind, scope)
          const { system, transient, allowlistedSystem, allowlistedTransient } = manager.snapshot()
          assert.deepEqual({ system, transient, allowlistedSystem, allowlistedTransient }, { system: before.system, transient: before.transient, allowlistedSystem: before.allowlistedSystem, allowlistedTransient: before.allowlistedTransient })
        }
        conn.done()
        const after = manager.snapshot()
        for (const each of [after.system, after.transient, after.allowlistedSystem, after.allowlistedTransient]) assert(Object.values(each.stat).every(count => count === 0))
      })
    }

    it('stays charged as it was when the peer has no room, although the system has', () => {
      const limits = limiterFor({ peer: { connsInbound: 0 } })
      let conns = 0
      const { manager } = managerFor({ limits: { ...limits, systemLimits: () => ({ ...limits.systemLimits(), get conns () { return conns } }) }, allowlist })
      const conn = openFrom(manager, '1.2.3.4')
      conns = 1
      for (let i = 0; i < 3; i++) assert.equal(refusalOf(() => conn.setPeer(peerB)).scope.kind, 'peer')
      assert.deepEqual([manager.viewSystem(used), manager.snapshot().allowlistedTransient.stat.numConnsInbound], [{}, 1])
      conn.done()
      assert.deepEqual(manager.snapshot().allowlistedSystem.stat.numConnsInbound, 0)
    })

    it('may still turn out to be the right peer', () => {
      const { manager } = managerFor({ limits: limiterFor(FULL), allowlist })
      const conn = openFrom(manager, '1.2.3.4')
      refusalOf(() => conn.setPeer(peerB))
      conn.setPeer(peerA)
      assert.deepEqual(manager.snapshot().allowlistedSystem.stat.numConnsInbound, 1)
      conn.done()
      assert.deepEqual(manager.snapshot().allowlistedSystem.stat.numConnsInbound, 0)
    })

    it('counts in its subnet from then on, and is refused when that is full', () => {
      const { manager } = managerFor({ allowlist, subnetLimits: { ...SUBNET_LIMIT_DEFAULTS, v4: [{ prefixLength: 32, conns: 2 }] } })
      const conns = Array.from({ length: 5 }, () => openFrom(manager, '1.2.3.4'))
      assert.equal(manager.snapshot().numSubnets, 0)
      for (const conn of conns.slice(0, 2)) conn.setPeer(peerB)
      assert.equal(refusalOf(() => conns[2]?.setPeer(peerB)).scope.kind, 'subnet')
      conns[2]?.setPeer(peerA)
      conns[0]?.done()
      conns[3]?.setPeer(peerB)
      for (const conn of conns) conn.done()
      assert.equal(manager.snapshot().numSubnets, 0)
      assert.deepEqual(manager.viewSystem(used), {})
    })
  })

  it('TestAllowlistAndConnLimiterPlayNice: trusted networks are free of the limits per subnet, but not of one that names them', () => {
    const { manager } = managerFor({
      limits: limiterFor({ system: { conns: 0 }, 'allowlisted-system': { conns: 8 } }),
      allowlist: ['/ip4/1.2.3.0/ipcidr/24', '/ip6/1:2:3::/ipcidr/58', '/ip4/9.9.9.0/ipcidr/24'],
      subnetLimits: { v4: [{ prefixLength: 32, conns: 1 }], v6: [{ prefixLength: 56, conns: 1 }], networks: [{ network: '9.9.9.0/24', conns: 1 }] }
    })
    const held = new DisposableStack()
    for (let i = 0; i < 8; i++) held.use(openFrom(manager, i % 2 === 0 ? '1.2.3.4' : '1:2:3::1'))
    assert.equal(refusalOf(() => openFrom(manager, '1.2.3.4')).scope.kind, 'allowlisted-system')
    held.dispose()
    using _first = openFrom(manager, '9.9.9.1')
    assert.deepEqual(refusalOf(() => openFrom(manager, '9.9.9.2')).scope, { kind: 'subnet', prefix: '9.9.9.0/24' })
  })

  it('trusted from some moment on, and no more from another', () => {
    const { manager } = managerFor({ limits: limiterFor(FULL) })
    refusalOf(() => openFrom(manager, '1.2.3.4'))
    manager.allowlist.add('/ip4/1.2.3.4')
    const conn = openFrom(manager, '1.2.3.4')
    manager.allowlist.remove('/ip4/1.2.3.4')
    refusalOf(() => openFrom(manager, '1.2.3.4'))
    refusalOf(() => conn.setPeer(peerA))
    conn.done()
    assert.deepEqual(manager.snapshot().allowlistedSystem.stat.numConnsInbound, 0)
  })

  it('counts in its subnet until it ends, in whatever way', () => {
    const { manager } = managerFor({ limits: limiterFor({ transient: { conns: 3 } }), subnetLimits: SUBNET_LIMIT_DEFAULTS })
    const held = new DisposableStack()
    for (let i = 0; i < 2; i++) held.use(openFrom(manager, '1.2.3.4')).setPeer(peerA)
    for (let i = 0; i < 3; i++) held.use(openFrom(manager, '1.2.3.4'))
    refusalOf(() => openFrom(manager, '1.2.3.4'))
    refusalOf(() => openFrom(manager, '7.7.7.7'))
    assert.equal(manager.snapshot().numSubnets, 1, 'what was refused later does not count')
    held.dispose()
    held.dispose()
    assert.equal(manager.snapshot().numSubnets, 0)
  })

  it('is named by a number', () => {
    const { manager } = managerFor({ limits: limiterFor({ connection: { memoryBytes: 1 } }) })
    using _first = manager.openConnection('inbound', true, anyAddr)
    using second = manager.openConnection('inbound', true, anyAddr)
    assert.equal(scopeName(refusalOf(() => { second.reserveMemory(2, 255) }).scope), 'connection 2')
  })
})
