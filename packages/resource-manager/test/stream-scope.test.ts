import assert from 'node:assert/strict'
import type { PeerRef } from '@weir/network'
import { RATE_LIMIT_DEFAULTS } from '../src/index.ts'
import { limiterFor } from './limits-for.ts'
import { addrOf, managerFor, namedPeer, refusalOf, used } from './manager-for.ts'

const alice: PeerRef = namedPeer('12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5')
const bob: PeerRef = namedPeer('12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq')
const trusted = addrOf('1.2.3.4')

describe('StreamScope', () => {
  describe('fault 17: streams of trusted connections', () => {
    it('are charged where their connection is', () => {
      const { manager } = managerFor({ limits: limiterFor({ system: { conns: 0 } }), allowlist: ['/ip4/1.2.3.4'] })
      const conn = manager.openConnection('inbound', true, trusted)
      conn.setPeer(alice)
      const stream = manager.openStream(alice, 'inbound')
      stream.reserveMemory(5, 255)
      const stats = (): number[][] => {
        const { system, transient, allowlistedSystem, allowlistedTransient } = manager.snapshot()
        return [system, transient, allowlistedSystem, allowlistedTransient].map(({ stat }) => [stat.numStreamsInbound, stat.memoryBytes])
      }
      assert.deepEqual(stats(), [[0, 0], [0, 0], [1, 5], [1, 5]])
      stream.setProtocol('/a')
      stream.setService('service')
      assert.deepEqual(stats(), [[0, 0], [0, 0], [1, 5], [0, 0]])
      assert.deepEqual([manager.viewPeer(alice, used).numStreamsInbound, manager.viewProtocol('/a', used).numStreamsInbound, manager.viewService('service', used).numStreamsInbound], [1, 1, 1])
      using standard = manager.openStream(bob, 'inbound')
      standard.setProtocol('/a')
      assert.deepEqual(stats().map(([streams]) => streams), [1, 0, 1, 0])
      conn.done()
      stream.done()
      standard.done()
      assert.deepEqual(stats().flat().filter(count => count > 0), [])
      using behind = manager.openStream(alice, 'inbound')
      assert.deepEqual(stats().map(([streams]) => streams), [1, 1, 0, 0], 'its connection has gone')
      behind.setProtocol('/a')
      assert.deepEqual(stats().map(([streams]) => streams), [1, 0, 0, 0])
    })

    it('of a connection that found room as everybody does: as everybody, and when that is full, theirs', () => {
      const { manager } = managerFor({ limits: limiterFor({ system: { streams: 1 } }), allowlist: ['/ip4/1.2.3.4'] })
      using conn = manager.openConnection('inbound', true, trusted)
      conn.setPeer(alice)
      const first = manager.openStream(alice, 'inbound')
      const second = manager.openStream(alice, 'outbound')
      first.setProtocol('/a')
      second.setProtocol('/a')
      assert.deepEqual([manager.snapshot().system.stat.numStreamsInbound, manager.snapshot().allowlistedSystem.stat.numStreamsOutbound], [1, 1])
      assert.equal(refusalOf(() => manager.openStream(bob, 'inbound')).scope.kind, 'system')
      second.reserveMemory(5, 255)
      assert.deepEqual([manager.snapshot().system.stat.memoryBytes, manager.snapshot().allowlistedSystem.stat.memoryBytes], [0, 5])
      first.done()
      second.done()
      assert.deepEqual([manager.snapshot().system.stat.numStreamsInbound, manager.snapshot().allowlistedSystem.stat.numStreamsOutbound], [0, 0])
    })

    it('have the limits of their peer as all have', () => {
      const { manager } = managerFor({ limits: limiterFor({ system: { conns: 0 }, peer: { streams: 1 } }), allowlist: ['/ip4/1.2.3.4'] })
      using conn = manager.openConnection('inbound', true, trusted)
      conn.setPeer(alice)
      using _first = manager.openStream(alice, 'inbound')
      assert.equal(refusalOf(() => manager.openStream(alice, 'inbound')).scope.kind, 'peer')
    })
  })

  describe('rates', () => {
    it('a peer that opens and closes streams is refused, and soon may again', () => {
      const { manager, clock } = managerFor({ rateLimits: { peerStreams: { perSecond: 10, burst: 5 } } })
      for (let i = 0; i < 5; i++) manager.openStream(alice, 'inbound').done()
      const refusal = refusalOf(() => manager.openStream(alice, 'inbound'))
      assert.deepEqual([refusal.scope.kind, refusal.resource, refusal.direction, refusal.current, refusal.attempted, refusal.limit], ['peer', 'rate', 'inbound', 5, 1, 5])
      assert.match(refusal.message, /inbound rate limit of peer 12D3.* exceeded: 5 of 5 in use, 1 more asked for; slow down, or raise rateLimits\.peerStreams/)
      manager.openStream(bob, 'inbound').done()
      manager.openStream(alice, 'outbound').done()
      clock.advance(100)
      manager.openStream(alice, 'inbound').done()
      refusalOf(() => manager.openStream(alice, 'inbound'))
      assert.deepEqual(manager.snapshot().refusals, [{ scope: 'peer', resource: 'rate', direction: 'inbound', count: 2 }])
      assert.deepEqual(manager.viewSystem(used), {})
    })

    it('a protocol has one for all peers, of its own or the default', () => {
      const { manager } = managerFor({ rateLimits: { protocolStreams: { perSecond: 1, burst: 2 }, protocols: new Map([['/busy', { perSecond: 1, burst: 3 }]]) } })
      const open = (protocol: string, direction: 'inbound' | 'outbound' = 'inbound'): void => {
        using stream = manager.openStream(namedPeer(`${Math.random()}`), direction)
        stream.setProtocol(protocol)
      }
      for (const [protocol, burst] of [['/a', 2], ['/b', 2], ['/busy', 3]] as const) {
        for (let i = 0; i < burst; i++) open(protocol)
        const refusal = refusalOf(() => { open(protocol) })
        assert.deepEqual([refusal.scope, refusal.resource, refusal.limit], [{ kind: 'protocol', protocol }, 'rate', burst])
        open(protocol, 'outbound')
      }
      assert.deepEqual(manager.viewTransient(used), {})
    })

    it('trusted peers have none', () => {
      const { manager } = managerFor({ allowlist: ['/ip4/1.2.3.4'], rateLimits: { peerStreams: { perSecond: 1, burst: 1 }, protocolStreams: { perSecond: 1, burst: 1 } } })
      using conn = manager.openConnection('inbound', true, trusted)
      conn.setPeer(alice)
      for (let i = 0; i < 10; i++) {
        using stream = manager.openStream(alice, 'inbound')
        stream.setProtocol('/a')
      }
    })

    it('whoever stays away for a while has no new burst before his rate gives it: of a peer and of a protocol', () => {
      const slow = { perSecond: 0.01, burst: 2 } // 200 seconds until it is full again: longer than an idle scope is kept
      for (const rateLimits of [{ peerStreams: slow }, { protocolStreams: slow }, { protocols: new Map([['/a', slow]]) }]) {
        const { manager, clock } = managerFor({ rateLimits })
        const open = (): void => {
          using stream = manager.openStream(alice, 'inbound')
          stream.setProtocol('/a')
        }
        open()
        open()
        refusalOf(open)
        clock.advance(150_000)
        open()
        refusalOf(open)
        clock.advance(1_000_000)
        assert.deepEqual([manager.listPeers(), manager.listProtocols(), clock.pendingTimers], [[], [], 0], 'kept no longer than it matters')
      }
    })

    it('rates that somebody wrote down for a protocol survive a flood of idle scopes; what is remembered of others is bounded', () => {
      const never = { perSecond: 0, burst: 1 }
      const { manager } = managerFor({ maxIdleScopes: 20, rateLimits: { peerStreams: never, protocols: new Map([['/a', never]]) } })
      const open = (peer: string, protocol: string): void => {
        using stream = manager.openStream(namedPeer(peer), 'inbound')
        stream.setProtocol(protocol)
      }
      open('first', '/a')
      for (let i = 0; i < 1_000; i++) {
        open(`peer ${i}`, `/${i}`)
        assert(manager.snapshot().numPeers <= 22)
      }
      assert.deepEqual(refusalOf(() => { open('another', '/a') }).scope, { kind: 'protocol', protocol: '/a' })
    })

    it('by default a peer has ten thousand at once and two thousand a second', () => {
      const { manager, clock } = managerFor({ rateLimits: RATE_LIMIT_DEFAULTS })
      for (let i = 0; i < 10_000; i++) manager.openStream(alice, 'inbound').done()
      refusalOf(() => manager.openStream(alice, 'inbound'))
      clock.advance(1_000)
      for (let i = 0; i < 2_000; i++) manager.openStream(alice, 'inbound').done()
      refusalOf(() => manager.openStream(alice, 'inbound'))
    })
  })
})
