// Limits of your own: a resource manager with one rule, no more than so many connections from one IP address. All it does
// not care for is left to the Null; put `createResourceManager()` in its place to keep all other limits too.
import assert from 'node:assert/strict'
import type { Multiaddr } from '@multiformats/multiaddr'
import { applicable, resourceManagerCases } from '@weir/compliance'
import { type ConnManagementScope, Direction, nullResourceManager, ResourceLimitExceededError, type ResourceManager } from '@weir/network'
import { createNode } from '@weir/node'

function fewPerAddress (limit: number, inner: ResourceManager = nullResourceManager): ResourceManager {
  const open = new Map<string, number>()

  function openConnection (direction: Direction, usesFd: boolean, endpoint: Multiaddr): ConnManagementScope {
    const ip = endpoint.getComponents()[0]?.value
    if (direction !== Direction.inbound || ip === undefined) return inner.openConnection(direction, usesFd, endpoint)
    const current = open.get(ip) ?? 0
    const refusal = { where: 'local', scope: { kind: 'subnet', prefix: ip }, resource: 'connection', direction, current, attempted: 1, limit } as const
    if (current >= limit) throw new ResourceLimitExceededError(refusal)
    const scope = inner.openConnection(direction, usesFd, endpoint) // may refuse as well, and then nothing is counted
    open.set(ip, current + 1)
    return endingWith(scope, () => {
      const left = (open.get(ip) ?? 0) - 1
      if (left > 0) open.set(ip, left)
      else open.delete(ip) // or addresses that come once would fill our memory
    })
  }

  return {
    openConnection,
    openStream: (peer, direction) => inner.openStream(peer, direction),
    viewSystem: fn => inner.viewSystem(fn),
    viewTransient: fn => inner.viewTransient(fn),
    viewService: (name, fn) => inner.viewService(name, fn),
    viewProtocol: (id, fn) => inner.viewProtocol(id, fn),
    viewPeer: (peer, fn) => inner.viewPeer(peer, fn),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close()
  }
}

/** A scope that tells of its end, once: ending twice is harmless. */
function endingWith (scope: ConnManagementScope, onEnd: () => void): ConnManagementScope {
  const undo = new DisposableStack()
  undo.defer(onEnd)
  undo.defer(scope.done.bind(scope))
  const done = (): void => { undo.dispose() }
  return Object.assign(scope, { done, [Symbol.dispose]: done })
}

// It keeps the contract of every resource manager. `enforces` is about limits in every scope, which it does not have.
const cases = applicable(resourceManagerCases, { enforces: false })
for (const { run } of cases) await run({ create: () => fewPerAddress(10_000) })
console.log(`keeps the contract: ${cases.length} cases`)

await using server = await createNode({ listen: ['/ip4/127.0.0.1/tcp/0'], resourceManager: fewPerAddress(1) })
await using first = await createNode({ listen: [] })
await using second = await createNode({ listen: [] })
await first.host.connect({ peer: server.peer, addrs: server.addrs() })
await assert.rejects(second.host.connect({ peer: server.peer, addrs: server.addrs() }).then(conn => conn.newStream()).then(stream => stream.read()))
assert.deepEqual(server.network.peers().map(String), [first.peer.toString()])
console.log('a second connection from the same address: refused')
