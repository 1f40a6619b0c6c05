import assert from 'node:assert/strict'
import { type ConnManagementScope, type Random, ResourceLimitExceededError, type ResourceManager, type ResourceScopeSpan, type StreamManagementScope } from '@weir/network'
import { assertScopesAtRest } from '../assert-scopes-at-rest.ts'
import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'
import { seededRandom } from '../seeded-random.ts'
import { type ManagerCase, managerCase } from './manager-case.ts'
import type { ScopeLimits } from './resource-manager-subject.ts'

// So tight that every limit refuses now and then.
const TIGHT: ScopeLimits = {
  system: { conns: 12, connsInbound: 8, streams: 14, fds: 8, memoryBytes: 40_000 },
  transient: { conns: 5, streams: 5, memoryBytes: 12_000 },
  peer: { conns: 4, streams: 6, memoryBytes: 16_000 },
  protocol: { streams: 6, memoryBytes: 20_000 },
  'protocol-peer': { streams: 3, memoryBytes: 9_000 },
  service: { streams: 5, memoryBytes: 18_000 },
  'service-peer': { streams: 3, memoryBytes: 9_000 },
  connection: { memoryBytes: 8_000 },
  stream: { memoryBytes: 8_000 }
}

const STEPS = 600

interface Held {
  readonly scope: ResourceScopeSpan
  /** What it holds by itself, to be released in pieces. */
  bytes: number
  attach (random: Random): void
}

function pick (random: Random, count: number): number {
  return Math.floor(random() * count)
}

function attachable (scope: ConnManagementScope | StreamManagementScope): (random: Random) => void {
  return random => {
    if ('setPeer' in scope) {
      if (scope.peerScope === undefined) scope.setPeer(samplePeer(pick(random, 4)))
    } else if (scope.protocolScope === undefined) {
      scope.setProtocol(`/protocol/${pick(random, 3)}`)
    } else if (scope.serviceScope === undefined) {
      scope.setService(`service-${pick(random, 3)}`)
    }
  }
}

/** Opens, attaches, charges, gives back and ends at random, then ends what is left, in any order. */
function walk (manager: ResourceManager, random: Random): void {
  const held: Held[] = []
  const steps: readonly (() => void)[] = [
    () => {
      const scope = manager.openConnection(random() < 0.5 ? 'inbound' : 'outbound', random() < 0.7, sampleAddr(pick(random, 400)))
      held.push({ scope, bytes: 0, attach: attachable(scope) })
    },
    () => {
      const scope = manager.openStream(samplePeer(pick(random, 4)), random() < 0.5 ? 'inbound' : 'outbound')
      held.push({ scope, bytes: 0, attach: attachable(scope) })
    },
    () => {
      const owner = held[pick(random, held.length)]
      if (owner !== undefined) held.push({ scope: owner.scope.beginSpan(), bytes: 0, attach () {} })
    },
    () => { held[pick(random, held.length)]?.attach(random) },
    () => { held[pick(random, held.length)]?.attach(random) },
    () => {
      const one = held[pick(random, held.length)]
      const bytes = pick(random, 4_000)
      one?.scope.reserveMemory(bytes, pick(random, 256))
      if (one !== undefined) one.bytes += bytes
    },
    () => {
      const one = held[pick(random, held.length)]
      if (one === undefined) return
      const bytes = pick(random, one.bytes + 1)
      one.scope.releaseMemory(bytes)
      one.bytes -= bytes
    },
    () => { held.splice(pick(random, held.length), 1)[0]?.scope.done() }
  ]
  for (let i = 0; i < STEPS; i++) {
    try {
      steps[pick(random, steps.length)]?.()
    } catch (error) {
      // A span of an ended owner cannot be charged; everything else has to be a limit's refusal.
      if (!ResourceLimitExceededError.is(error) && (error as { code?: unknown }).code !== 'RESOURCE_SCOPE_CLOSED') throw error
    }
    const { numConnsInbound, numConnsOutbound, numStreamsInbound, numStreamsOutbound, numFD, memoryBytes } = manager.viewSystem(scope => scope.stat())
    for (const count of [numConnsInbound, numConnsOutbound, numStreamsInbound, numStreamsOutbound, numFD, memoryBytes]) assert(count >= 0, 'a count is negative')
    assert(numConnsInbound <= 8 && numConnsInbound + numConnsOutbound <= 12 && numStreamsInbound + numStreamsOutbound <= 14 && numFD <= 8 && memoryBytes <= 40_000, 'a limit of the system is passed')
  }
  while (held.length > 0) held.splice(pick(random, held.length), 1)[0]?.scope.done()
}

/** Conservation: whatever was done in whatever order, nothing is left when all scopes have ended. */
export const randomWalkCases: readonly ManagerCase[] = [1, 2, 3, 4, 5, 6, 7, 8].map(seed => managerCase(`nothing is left and no limit passed after ${STEPS} steps at random, seed ${seed}`, TIGHT, manager => {
  walk(manager, seededRandom(seed))
  assertScopesAtRest(manager)
  for (let i = 0; i < 4; i++) assert.equal(manager.viewPeer(samplePeer(i), scope => scope.stat().memoryBytes), 0, 'memory is left on a peer')
  // The counters behind protocol and service of a peer cannot be looked at; what is left there would refuse this.
  using held = new DisposableStack()
  for (let i = 0; i < 3; i++) {
    const stream = held.use(manager.openStream(samplePeer(1), 'inbound'))
    stream.setProtocol('/protocol/0')
    stream.setService('service-0')
  }
}))
