import assert from 'node:assert/strict'
import { ping } from '@weir/host'
import { type Clock, nullConnManager, nullResourceManager, systemClock, ZERO_SCOPE_STAT } from '@weir/network'
import { type Machine, machineBudget } from '@weir/resource-manager'
import { createNode, nodePlan } from '../src/index.ts'

const MIB = 1_048_576
const listen = ['/ip4/127.0.0.1/tcp/0']

/** A Linux host of this size. */
function machine (memoryMiB: number, openFiles: number | undefined): Machine {
  return { platform: 'linux', hostMemoryBytes: () => memoryMiB * MIB, readText: () => undefined, reportedOpenFiles: () => openFiles }
}

/** The system's clock, and how many timers wait. */
function countingClock (): { clock: Clock, pending: Set<object> } {
  const pending = new Set<object>()
  const clock: Clock = {
    ...systemClock,
    setTimeout (callback, ms) {
      const key = {}
      const timer = systemClock.setTimeout(() => { pending.delete(key); callback() }, ms)
      pending.add(key)
      return { [Symbol.dispose]: () => { pending.delete(key); timer[Symbol.dispose]() } }
    }
  }
  return { clock, pending }
}

describe('nodePlan', () => {
  for (const [memoryMiB, openFiles, highWater, conns] of [[512, 1_024, 57, 128], [1_024, 1_024, 57, 128], [2_048, 1_024, 64, 144], [4_096, 4_096, 79, 176], [512, undefined, 57, 128], [512, 256, 57, 128]] as const) {
    it(`of ${memoryMiB} MiB and ${openFiles ?? 'unknown'} open files trims before it refuses, and a node runs by it`, async () => {
      const budget = machineBudget(machine(memoryMiB, openFiles))
      await using node = await createNode({ listen, budget })
      await using client = await createNode({ listen: [], budget })
      assert.deepEqual([node.plan?.watermarks.highWater, node.plan?.limits.system.conns], [highWater, conns])
      assert.ok((node.plan?.worstCase.totalBytes ?? Infinity) <= memoryMiB * MIB / 4)
      await client.host.connect({ peer: node.peer, addrs: node.addrs() })
      assert.ok(await ping(client.host, node.peer) > 0)
      assert.equal(node.resourceManager.viewSystem(scope => scope.stat()).numConnsInbound, 1)
    })
  }

  it('refuses what cannot hold before anything is acquired', async () => {
    for (const init of [{ limits: { PeerDefault: { Memory: 1_000 } } }, { parts: [{ name: 'mine', watermarks: { lowWater: 1, highWater: 1_000_000 } }] }]) {
      assert.throws(() => nodePlan(init), { code: 'PLAN_CONTRADICTION' })
      await assert.rejects(createNode(init), { code: 'PLAN_CONTRADICTION' })
    }
    await assert.rejects(createNode({ limits: { System: { Conn: 1 } } as never }), { code: 'LIMIT_CONFIG', path: 'System.Conn' })
    await assert.rejects(createNode({ budget: { memoryBytes: 1, numFd: 1, fds: 1 } as never }), { name: 'TypeError', message: /budget\.fds/ })
    await assert.rejects(createNode({ budget: { memoryBytes: Number.NaN, numFd: 1 } }), RangeError)
  })
})

describe('the resource manager of a node', () => {
  it('refuses by the limits that are written down, and tells the dialer\'s owner its numbers', async () => {
    await using a = await createNode({ listen })
    await using b = await createNode({ listen })
    await using client = await createNode({ listen: [], limits: { System: { ConnsOutbound: 1 } } })
    await client.host.connect({ peer: a.peer, addrs: a.addrs() })
    const error = await client.host.connect({ peer: b.peer, addrs: b.addrs() }).then(() => assert.fail('connected'), error => error as Error)
    assert.match(`${(error.cause as Error | undefined)?.message ?? error.message}`, /outbound connection limit of system exceeded: 1 of 1 in use/)
  })

  it('knows the services of the node by the limits of their own', async () => {
    await using a = await createNode({ listen })
    await using b = await createNode({ listen: [], limits: { ServicePeer: { 'libp2p.ping': { StreamsOutbound: 'blockAll', Streams: 4 } } } })
    await b.host.connect({ peer: a.peer, addrs: a.addrs() })
    assert.equal(a.plan?.limits.servicePeer.get('libp2p.ping')?.streams, 4)
    await assert.rejects(ping(b.host, a.peer), { code: 'RESOURCE_LIMIT_EXCEEDED', where: 'local', resource: 'stream', limit: 0 })
  })

  it('is at zero when the node is closed, and leaves no timer', async () => {
    const { clock, pending } = countingClock()
    const a = await createNode({ listen, clock })
    const b = await createNode({ listen: [], clock })
    await b.host.connect({ peer: a.peer, addrs: a.addrs() })
    await ping(b.host, a.peer)
    await Promise.all([a.close(), b.close()])
    for (const { resourceManager } of [a, b]) {
      assert.deepEqual(resourceManager.viewSystem(scope => scope.stat()), ZERO_SCOPE_STAT)
      assert.deepEqual(resourceManager.viewTransient(scope => scope.stat()), ZERO_SCOPE_STAT)
    }
    assert.equal(pending.size, 0)
  })

  it('is the one that is given, without a plan, and takes no limits beside it', async () => {
    await using node = await createNode({ listen: [], resourceManager: nullResourceManager })
    assert.equal(node.resourceManager, nullResourceManager)
    assert.equal(node.plan, undefined)
    for (const option of [{ limits: {} }, { budget: machineBudget() }, { parts: [] }]) {
      await assert.rejects(createNode({ listen: [], resourceManager: nullResourceManager, ...option }), TypeError)
    }
  })

  it('is shown to the connection manager, which may find that it contradicts', async () => {
    const limits: number[] = []
    const connManager = { ...nullConnManager, checkLimit: ({ connLimit }: { connLimit: number }) => { limits.push(connLimit); if (connLimit < 10) throw new RangeError('too few') } }
    await using node = await createNode({ listen: [], connManager })
    await assert.rejects(createNode({ listen: [], connManager, limits: { System: { Conns: 9 } } }), { name: 'RangeError', message: 'too few' })
    assert.deepEqual(limits, [node.plan?.limits.system.conns, 9])
  })
})
