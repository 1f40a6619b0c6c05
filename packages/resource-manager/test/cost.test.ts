import assert from 'node:assert/strict'
import { Counter } from '../src/counter.ts'
import { infiniteLimits, RATE_LIMIT_DEFAULTS, SUBNET_LIMIT_DEFAULTS } from '../src/index.ts'
import { addrOf, managerFor, namedPeer, type TestManager } from './manager-for.ts'

interface Cost {
  lookUps: number
  charges: number
}

/** Runs something and counts the map look-ups and the counters that are changed. */
function costOf (run: () => void): Cost {
  const cost: Cost = { lookUps: 0, charges: 0 }
  const { get, has } = Map.prototype
  const { add, remove, addMemory, removeMemory } = Counter.prototype
  Map.prototype.get = function (key) { cost.lookUps++; return get.call(this, key) }
  Map.prototype.has = function (key) { cost.lookUps++; return has.call(this, key) }
  Counter.prototype.add = function (child) { cost.charges++; add.call(this, child) }
  Counter.prototype.remove = function (child) { cost.charges++; remove.call(this, child) }
  Counter.prototype.addMemory = function (bytes) { cost.charges++; addMemory.call(this, bytes) }
  Counter.prototype.removeMemory = function (bytes) { cost.charges++; removeMemory.call(this, bytes) }
  try {
    run()
  } finally {
    Object.assign(Map.prototype, { get, has })
    Object.assign(Counter.prototype, { add, remove, addMemory, removeMemory })
  }
  return cost
}

function withLive (count: number): TestManager {
  const test = managerFor({ subnetLimits: SUBNET_LIMIT_DEFAULTS, rateLimits: RATE_LIMIT_DEFAULTS })
  const { manager } = test
  for (let i = 0; i < count; i++) {
    const peer = namedPeer(`peer ${i}`)
    manager.openConnection('inbound', true, addrOf(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)).setPeer(peer)
    const stream = manager.openStream(peer, 'inbound')
    stream.setProtocol('/a')
    stream.setService('service')
  }
  return test
}

function costs (live: number): Record<string, Cost> {
  const { manager } = withLive(live)
  const alice = namedPeer('alice')
  const addr = addrOf('9.9.9.9')
  const conn = (): void => {
    const scope = manager.openConnection('inbound', true, addr)
    scope.setPeer(alice)
    scope.done()
  }
  const stream = (): void => {
    const scope = manager.openStream(alice, 'inbound')
    scope.setProtocol('/a')
    scope.setService('service')
    scope.done()
  }
  conn()
  stream()
  const held = manager.openStream(alice, 'inbound')
  held.setProtocol('/a')
  held.setService('service')
  return {
    conn: costOf(conn),
    stream: costOf(stream),
    memory: costOf(() => {
      held.reserveMemory(100, 255)
      held.releaseMemory(100)
    }),
    span: costOf(() => {
      const span = held.beginSpan()
      span.reserveMemory(100, 255)
      span.done()
    })
  }
}

describe('cost', () => {
  it('each step looks up a name once and changes each scope once, whatever the number of live scopes', () => {
    const none = costs(0)
    assert.deepEqual(none, {
      // Subnet, rate and peer; charged to transient, system and the peer, and taken from all of them again.
      conn: { lookUps: 3, charges: 6 },
      // Peer, protocol, service; what the peer uses of these lies with it. Charged to these and transient and system, and taken from all of them again.
      stream: { lookUps: 3, charges: 14 },
      memory: { lookUps: 0, charges: 14 },
      span: { lookUps: 0, charges: 14 }
    })
    assert.deepEqual(costs(10_000), none)
  }).timeout(20_000)

  it('a refusal at the door changes nothing', () => {
    const { manager } = managerFor({ limits: { ...infiniteLimits, transient: { ...infiniteLimits.transient, conns: 0 } } })
    assert.deepEqual(costOf(() => { assert.throws(() => manager.openConnection('inbound', true, addrOf('9.9.9.9'))) }).charges, 0)
  })
})
