import assert from 'node:assert/strict'
import { assertScopesAtRest, ManualClock, sampleAddr } from '@weir/compliance'
import { multiaddr } from '@multiformats/multiaddr'
import { ResourceLimitExceededError } from '@weir/network'
import { AllowlistAddrError, createResourceManager, infiniteLimits, LimitConfigError, type PressureLevel, type PressureSignal, type ResourceManagerInit } from '../src/index.ts'
import { limiterFor } from './limits-for.ts'
import { addrOf, anyAddr, managerFor, namedPeer, refusalOf, used } from './manager-for.ts'

const alice = namedPeer('12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5')

/** The doors as they are by default, with limits that are wide, but limits. */
function guarded (init: ResourceManagerInit = {}): ReturnType<typeof managerFor> {
  return managerFor({ limits: limiterFor({ system: { conns: 100_000, streams: 100_000 } }), subnetLimits: undefined, rateLimits: undefined, ...init })
}

class Signal implements PressureSignal {
  readonly name = 'memoryPressure'
  readonly thresholds = { elevated: 0.8, critical: 0.9 }
  level: PressureLevel = 'normal'
  value = 0.5
}

describe('createResourceManager', () => {
  describe('doors', () => {
    it('TestResourceManagerRateLimiting: attempts count, also those that have ended', () => {
      const { manager } = managerFor({ rateLimits: { conns: { perSecond: 0.000_01, burst: 2 } } })
      for (let i = 0; i < 2; i++) manager.openConnection('inbound', true, addrOf('1.2.3.4')).done()
      const refusal = refusalOf(() => manager.openConnection('inbound', true, addrOf('1.2.3.4')))
      assert.deepEqual([refusal.resource, refusal.scope.kind], ['rate', 'rate'])
      assert.match(refusal.message, /rate limit of rate all connections exceeded/)
    })

    it('by default a host has 8 connections at a time, in and out together, and 16 at once in time', () => {
      const { manager, clock } = guarded()
      const conns = Array.from({ length: 8 }, (_, i) => manager.openConnection(i % 2 === 0 ? 'inbound' : 'outbound', true, addrOf('1.2.3.4')))
      const refusal = refusalOf(() => manager.openConnection('outbound', true, addrOf('1.2.3.4')))
      assert.deepEqual([refusal.scope, refusal.resource, refusal.current, refusal.limit], [{ kind: 'subnet', prefix: '1.2.3.4/32' }, 'connection', 8, 8])
      assert.match(refusal.hint ?? '', /subnetLimits\.v4/)
      for (const conn of conns) conn.done()
      for (let i = 0; i < 7; i++) manager.openConnection('inbound', true, addrOf('1.2.3.4')).done()
      assert.deepEqual(refusalOf(() => manager.openConnection('inbound', true, addrOf('1.2.3.4'))).scope, { kind: 'rate', prefix: '1.2.3.4/32' })
      manager.openConnection('inbound', true, addrOf('1.2.3.5')).done()
      clock.advance(5_000)
      manager.openConnection('inbound', true, addrOf('1.2.3.4')).done()
      assert.deepEqual(manager.snapshot().refusals.map(({ scope, resource, count }) => [scope, resource, count]), [['subnet', 'connection', 1], ['rate', 'rate', 1]])
      assertScopesAtRest(manager)
    })

    it('loopback is free, and so are addresses without an IP', () => {
      const { manager } = guarded()
      for (const addr of ['/ip4/127.0.0.1/tcp/1', '/ip6/::1/tcp/1', '/memory/1', '/dns4/example.org/tcp/1', '/unix/%2Ftmp%2Fsocket']) {
        using held = new DisposableStack()
        for (let i = 0; i < 200; i++) held.use(manager.openConnection('inbound', true, multiaddr(addr)))
      }
    })

    it('trusted addresses have neither rates nor limits per subnet, and use up no token of others', () => {
      const { manager } = guarded({ allowlist: ['/ip4/1.2.3.0/ipcidr/24'], rateLimits: { conns: { perSecond: 0.001, burst: 1 } } })
      using held = new DisposableStack()
      for (let i = 0; i < 200; i++) held.use(manager.openConnection('inbound', true, addrOf('1.2.3.4')))
      manager.openConnection('inbound', true, addrOf('9.9.9.9')).done()
      refusalOf(() => manager.openConnection('inbound', true, addrOf('9.9.9.9')))
    })

    it('unlimited is unlimited: no rate and no subnet refuses either, unless they are asked for', () => {
      const open = (init: ResourceManagerInit): void => {
        const manager = createResourceManager({ limits: infiniteLimits, clock: new ManualClock(), ...init })
        using held = new DisposableStack()
        for (let i = 0; i < 1_000; i++) held.use(manager.openConnection('inbound', true, addrOf('1.2.3.4'))).setPeer(alice)
        for (let i = 0; i < 20_000; i++) manager.openStream(alice, 'inbound').done()
      }
      open({})
      assert.equal(refusalOf(() => { open({ subnetLimits: { v4: [{ prefixLength: 32, conns: 5 }] } }) }).scope.kind, 'subnet')
      assert.equal(refusalOf(() => { open({ rateLimits: { v4: [{ prefixLength: 32, perSecond: 1, burst: 5 }] } }) }).scope.kind, 'rate')
      assert.equal(refusalOf(() => { open({ rateLimits: { peerStreams: { perSecond: 1, burst: 5 } } }) }).scope.kind, 'peer')
    })

    it('an empty list clears what is there by default, and leaves the other version as it is', () => {
      const { manager } = guarded({ subnetLimits: { v4: [] }, rateLimits: { v4: [], v6: [] } })
      using held = new DisposableStack()
      for (let i = 0; i < 100; i++) held.use(manager.openConnection('inbound', true, addrOf('1.2.3.4')))
      for (let i = 0; i < 8; i++) held.use(manager.openConnection('inbound', true, addrOf('2001:db8::1')))
      refusalOf(() => manager.openConnection('inbound', true, addrOf('2001:db8::1')))
    })
  })

  describe('pressure', () => {
    it('elevated: memory below High is refused, and nothing else', () => {
      const signal = new Signal()
      const { manager } = managerFor({ signals: [signal] })
      using conn = manager.openConnection('inbound', true, anyAddr)
      using span = conn.beginSpan()
      conn.reserveMemory(10, 0)
      signal.level = 'elevated'
      signal.value = 0.85
      for (const scope of [conn, span]) {
        const refusal = refusalOf(() => { scope.reserveMemory(10, 202) })
        assert.deepEqual([refusal.scope, refusal.resource, refusal.current, refusal.attempted, refusal.limit, refusal.priority], [{ kind: 'system' }, 'pressure', 0.85, 10, 0.8, 202])
        assert.match(refusal.hint ?? '', /memoryPressure is elevated/)
        scope.reserveMemory(10, 203)
      }
      for (const view of [manager.viewSystem.bind(manager), manager.viewProtocol.bind(manager, '/a'), manager.viewService.bind(manager, 'service'), manager.viewPeer.bind(manager, alice)]) {
        assert.equal(refusalOf(() => { view(scope => { scope.reserveMemory(1, 0) }) }).resource, 'pressure')
      }
      manager.openConnection('inbound', true, anyAddr).done()
      manager.openStream(alice, 'inbound').done()
      signal.level = 'normal'
      conn.reserveMemory(10, 0)
    })

    it('critical: inbound connections and streams are refused too; outbound ones, trusted ones and releases never', () => {
      const signal = new Signal()
      const { manager } = managerFor({ signals: [new Signal(), signal], allowlist: ['/ip4/1.2.3.4'] })
      const conn = manager.openConnection('inbound', true, anyAddr)
      conn.reserveMemory(10, 0)
      signal.level = 'critical'
      signal.value = 0.95
      const refusal = refusalOf(() => manager.openConnection('inbound', true, anyAddr))
      assert.deepEqual([refusal.scope, refusal.resource, refusal.direction, refusal.current, refusal.limit, refusal.temporary], [{ kind: 'system' }, 'pressure', 'inbound', 0.95, 0.9, true])
      assert.match(refusal.hint ?? '', /memoryPressure is critical/)
      assert.equal(refusalOf(() => manager.openStream(alice, 'inbound')).resource, 'pressure')
      assert.equal(refusalOf(() => { conn.reserveMemory(1, 100) }).resource, 'pressure')
      manager.openConnection('outbound', true, anyAddr).done()
      const stream = manager.openStream(alice, 'outbound')
      stream.setProtocol('/a')
      stream.done()
      conn.setPeer(alice)
      conn.releaseMemory(10)
      conn.done()
      const trusted = manager.openConnection('inbound', true, addrOf('1.2.3.4'))
      trusted.setPeer(alice)
      trusted.reserveMemory(10, 0)
      trusted.peerScope?.reserveMemory(10, 0)
      trusted.peerScope?.releaseMemory(10)
      manager.openStream(alice, 'inbound').done()
      trusted.done()
      refusalOf(() => manager.openStream(alice, 'inbound'))
      assertScopesAtRest(manager)
      assert.deepEqual(manager.snapshot().pressure, [
        { name: 'memoryPressure', level: 'normal', value: 0.5, thresholds: { elevated: 0.8, critical: 0.9 } },
        { name: 'memoryPressure', level: 'critical', value: 0.95, thresholds: { elevated: 0.8, critical: 0.9 } }
      ])
      assert.deepEqual(structuredClone(manager.snapshot()), manager.snapshot())
    })
  })

  it('critical: a trusted address with another peer is no longer trusted, and is refused like all', () => {
    const signal = new Signal()
    const { manager } = managerFor({ signals: [signal], allowlist: [`/ip4/1.2.3.4/p2p/${alice}`] })
    signal.level = 'critical'
    using conn = manager.openConnection('inbound', true, addrOf('1.2.3.4'))
    assert.equal(refusalOf(() => conn.setPeer(namedPeer('bob'))).resource, 'pressure')
    assert.equal(conn.peerScope, undefined)
    conn.setPeer(alice)
    using outbound = manager.openConnection('outbound', true, addrOf('1.2.3.4'))
    outbound.setPeer(namedPeer('bob'))
  })

  describe('views and lists', () => {
    it('what has a scope is listed, sorted', () => {
      const { manager } = managerFor()
      for (const name of ['b', 'a', 'c']) {
        using stream = manager.openStream(namedPeer(`peer ${name}`), 'outbound')
        stream.setProtocol(`/${name}`)
        stream.setService(name)
      }
      assert.deepEqual(manager.listPeers().map(String), ['peer a', 'peer b', 'peer c'])
      assert.deepEqual(manager.listProtocols(), ['/a', '/b', '/c'])
      assert.deepEqual(manager.listServices(), ['a', 'b', 'c'])
    })

    it('tells a connection manager how many connections there may be', () => {
      assert.equal(managerFor({ limits: limiterFor({ system: { conns: 42 } }) }).manager.connLimit, 42)
      assert.equal(managerFor().manager.connLimit, Infinity)
    })

    it('a view that throws leaves its scope free to be collected', () => {
      const { manager, clock } = managerFor()
      assert.throws(() => manager.viewPeer(alice, () => { throw new Error('of the view') }), /of the view/)
      clock.advance(60_000)
      assert.deepEqual(manager.listPeers(), [])
    })
  })

  describe('options', () => {
    const clock = new ManualClock()
    const wrong: { init: object, error: (error: unknown) => boolean }[] = [
      { init: { limit: {} }, error: error => error instanceof TypeError && error.message.includes('limit') },
      { init: { subnetLimits: { v5: [] } }, error: error => error instanceof TypeError && error.message.includes('subnetLimits.v5') },
      { init: { rateLimits: { streams: {} } }, error: error => error instanceof TypeError && error.message.includes('rateLimits.streams') },
      { init: { leakDetection: 'perhaps' }, error: error => error instanceof TypeError },
      { init: { onMisuse: 1 }, error: error => error instanceof TypeError },
      { init: { allowlist: '/ip4/1.2.3.4' }, error: error => error instanceof TypeError },
      { init: { allowlist: ['/tcp/1'] }, error: AllowlistAddrError.is },
      { init: { trace: { file: '/tmp/x', lines: 1 } }, error: error => error instanceof TypeError },
      { init: { trace: { file: '' } }, error: error => error instanceof TypeError },
      { init: { limits: { ...infiniteLimits, system: { ...infiniteLimits.system, conns: Number.NaN } } }, error: LimitConfigError.is },
      ...[0, -1, 0.5, Number.NaN, Infinity].flatMap(number => [
        { init: { maxIdleScopes: number }, error: (error: unknown) => error instanceof RangeError },
        { init: { maxRateBuckets: number }, error: (error: unknown) => error instanceof RangeError }
      ]),
      ...[-1, 33, 0.5, Number.NaN].map(prefixLength => ({ init: { subnetLimits: { v4: [{ prefixLength, conns: 1 }] } }, error: (error: unknown) => error instanceof RangeError })),
      ...[-1, 129].map(prefixLength => ({ init: { rateLimits: { v6: [{ prefixLength, perSecond: 1, burst: 1 }] } }, error: (error: unknown) => error instanceof RangeError })),
      ...[-1, 0.5, Number.NaN].map(conns => ({ init: { subnetLimits: { networks: [{ network: '10.0.0.0/8', conns }] } }, error: (error: unknown) => error instanceof RangeError })),
      { init: { subnetLimits: { networks: [{ network: 'everybody', conns: 1 }] } }, error: error => error instanceof RangeError },
      ...[{ perSecond: -1, burst: 1 }, { perSecond: Number.NaN, burst: 1 }, { perSecond: 1, burst: 0.5 }, { perSecond: 1, burst: Infinity }].flatMap(rate => [
        { init: { rateLimits: { conns: rate } }, error: (error: unknown) => error instanceof RangeError },
        { init: { rateLimits: { protocols: new Map([['/a', rate]]) } }, error: (error: unknown) => error instanceof RangeError }
      ]),
      { init: { trace: { file: '/tmp/x', flushIntervalMs: 0 } }, error: error => error instanceof RangeError }
    ]
    for (const { init, error } of wrong) {
      it(`refuses ${JSON.stringify(init, (_key, value) => value instanceof Map ? [...value] : typeof value === 'number' ? String(value) : value).slice(0, 100)}`, () => {
        assert.throws(() => createResourceManager({ clock, ...init } as ResourceManagerInit), error)
        assert.equal(clock.pendingTimers, 0)
      })
    }

    it('TestReportSystemLimits, NilLimiter: has limits for this machine when none are given', async () => {
      await using manager = createResourceManager()
      const { limit } = manager.snapshot().system
      assert(limit.conns >= 128 && limit.conns < Infinity && limit.memoryBytes >= 134_217_728 && limit.memoryBytes < Infinity)
      using conn = manager.openConnection('inbound', true, sampleAddr(1))
      conn.setPeer(alice)
    })
  })

  it('failure injected at every step: what a limit that throws interrupts leaves no trace', () => {
    const limits = limiterFor()
    let asked = 0
    let failAt = Infinity
    const failing = Object.fromEntries(Object.entries(limits).map(([name, answer]) => [name, () => {
      const limit = answer(alice as never)
      return new Proxy(limit, { get (target, key) { if (++asked === failAt) throw new Error('of the limit'); return Reflect.get(target, key) } })
    }])) as unknown as typeof limits
    const { manager, clock } = managerFor({ limits: failing })
    const life = (): void => {
      using conn = manager.openConnection('inbound', true, anyAddr)
      conn.reserveMemory(10, 255)
      conn.setPeer(alice)
      using stream = manager.openStream(alice, 'inbound')
      stream.reserveMemory(10, 100)
      stream.setProtocol('/a')
      stream.setService('service')
      using span = stream.beginSpan()
      span.reserveMemory(10, 255)
    }
    let failures = 0
    for (failAt = 1; ; failAt++) {
      asked = 0
      try {
        life()
      } catch (error) {
        assert.match(String(error), /of the limit/)
        failures++
        assertScopesAtRest(manager)
        continue
      }
      break
    }
    assert(failures > 40, `${failures} steps were interrupted`)
    clock.advance(120_000)
    assert.deepEqual([manager.listPeers(), manager.listProtocols(), manager.listServices()], [[], [], []])
  })

  it('refusals name the limit to change, in data and in words', () => {
    const { manager } = managerFor({ limits: limiterFor({ peer: { connsInbound: 1 } }) })
    using first = manager.openConnection('inbound', true, anyAddr)
    using second = manager.openConnection('inbound', true, anyAddr)
    first.setPeer(alice)
    const refusal = refusalOf(() => second.setPeer(alice))
    assert(ResourceLimitExceededError.is(refusal))
    assert.equal(refusal.message, `inbound connection limit of peer ${alice} exceeded: 1 of 1 in use, 1 more asked for; raise the connection limit of peer ${alice}, or use less`)
    assert.deepEqual(manager.viewTransient(used), { numConnsInbound: 1, numFD: 1 })
  })
})
