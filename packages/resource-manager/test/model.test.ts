import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { assertScopesAtRest } from '@weir/compliance'
import { type ConnManagementScope, type PeerRef, ResourceLimitExceededError, type ResourceScope, type ResourceScopeSpan, type StreamManagementScope } from '@weir/network'
import fc from 'fast-check'
import type { Limit, Limiter } from '../src/index.ts'
import { limitOf } from './limits-for.ts'
import { managerFor, namedPeer, type TestManager } from './manager-for.ts'
import { type ModelScope, type Outcome, ReferenceModel } from './reference-model.ts'

const PEERS: readonly PeerRef[] = [namedPeer('12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5'), namedPeer('12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq')]
const ADDRS = { any: multiaddr('/ip4/9.9.9.9/tcp/1'), trusted: multiaddr('/ip4/1.1.1.1/tcp/1'), 'trusted-with-0': multiaddr('/ip4/2.2.2.2/tcp/1') } as const
const ALLOWLIST = ['/ip4/1.1.1.1', `/ip4/2.2.2.2/p2p/${PEERS[0]}`]

// So tight that every limit refuses now and then.
const LIMITS: Readonly<Record<string, Limit>> = {
  system: limitOf({ conns: 5, connsInbound: 3, streams: 7, streamsInbound: 5, fd: 4, memoryBytes: 3_000 }),
  transient: limitOf({ conns: 3, streams: 4, streamsOutbound: 3, fd: 2, memoryBytes: 1_500 }),
  'allowlisted-system': limitOf({ conns: 3, streams: 3, memoryBytes: 2_000 }),
  'allowlisted-transient': limitOf({ conns: 2, streams: 2, memoryBytes: 1_000 }),
  peer: limitOf({ conns: 3, connsOutbound: 2, streams: 5, fd: 2, memoryBytes: 1_700 }),
  protocol: limitOf({ streams: 4, memoryBytes: 1_600 }),
  'protocol-peer': limitOf({ streams: 2, memoryBytes: 900 }),
  service: limitOf({ streams: 3, streamsInbound: 2, memoryBytes: 1_400 }),
  'service-peer': limitOf({ streams: 2, memoryBytes: 800 }),
  connection: limitOf({ memoryBytes: 700 }),
  stream: limitOf({ memoryBytes: 600 })
}

function limitsOf (kind: string): Limit {
  return LIMITS[kind] ?? limitOf()
}

const limiter: Limiter = {
  systemLimits: () => limitsOf('system'),
  transientLimits: () => limitsOf('transient'),
  allowlistedSystemLimits: () => limitsOf('allowlisted-system'),
  allowlistedTransientLimits: () => limitsOf('allowlisted-transient'),
  serviceLimits: () => limitsOf('service'),
  servicePeerLimits: () => limitsOf('service-peer'),
  protocolLimits: () => limitsOf('protocol'),
  protocolPeerLimits: () => limitsOf('protocol-peer'),
  peerLimits: () => limitsOf('peer'),
  streamLimits: () => limitsOf('stream'),
  connLimits: () => limitsOf('connection')
}

const direction = fc.constantFrom('inbound', 'outbound', 'unknown')
const small = fc.nat(1)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('conn'), direction, usesFd: fc.boolean(), address: fc.constantFrom('any', 'any', 'trusted', 'trusted-with-0') }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('stream'), peer: small, direction }) },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('attach'), at: fc.nat(), to: small, service: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ op: fc.constant('reserve'), at: fc.nat(), bytes: fc.nat(400), priority: fc.constantFrom(255, 255, 203, 101, 0) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('release'), at: fc.nat(), bytes: fc.nat(500) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('span'), at: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('end'), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('wait') }) }
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

function outcomeOf (attempt: () => void): Outcome {
  try {
    attempt()
    return { kind: 'ok' }
  } catch (error) {
    if (ResourceLimitExceededError.is(error) && error.where === 'local') {
      return { kind: 'refused', scope: error.scope.kind, resource: error.resource, direction: error.direction, current: error.current, attempted: error.attempted, limit: error.limit }
    }
    const { code } = error as { code?: string }
    if (code === 'RESOURCE_SCOPE_CLOSED') return { kind: 'closed' }
    if (code === 'SCOPE_ATTACHED') return { kind: 'attached' }
    if (code === 'SCOPE_NOT_ATTACHED') return { kind: 'not-attached' }
    throw error
  }
}

interface Pair {
  readonly model: ModelScope
  readonly real: ResourceScope
}

/** The manager and the model, side by side. */
class Both {
  readonly #test: TestManager = managerFor({ limits: limiter, allowlist: ALLOWLIST, onMisuse () {}, maxIdleScopes: 3 })
  readonly #model = new ReferenceModel(limitsOf)
  readonly #pairs: Pair[] = []
  #made = 0

  constructor () {
    const { manager } = this.#test
    this.#pairs.push({ model: this.#scope({ kind: 'named', name: 'system' }), real: manager.viewSystem(scope => scope) })
    this.#model.open.push((this.#pairs[0] as Pair).model)
  }

  get numPairs (): number {
    return this.#pairs.length
  }

  run (step: Step): void {
    const { manager, clock } = this.#test
    const model = this.#model
    const pair = 'at' in step ? this.#pairs[step.at % this.#pairs.length] as Pair : undefined
    switch (step.op) {
      case 'conn': {
        const { direction, usesFd, address } = step as { direction: 'inbound', usesFd: boolean, address: keyof typeof ADDRS }
        const scope = this.#scope({ kind: 'connection', name: `connection ${++this.#made}`, direction, usesFd, address })
        this.#opens(scope, model.openConn(scope), () => manager.openConnection(direction, usesFd, ADDRS[address]))
        break
      }
      case 'stream': {
        const { direction, peer } = step as { direction: 'inbound', peer: number }
        const scope = this.#scope({ kind: 'stream', name: `stream ${++this.#made}`, direction, peer: String(peer) })
        this.#opens(scope, model.openStream(scope), () => manager.openStream(PEERS[peer] as PeerRef, direction))
        break
      }
      case 'attach': {
        const { to, service } = step as { to: number, service: boolean }
        const { model: scope, real } = pair as Pair
        if (scope.kind === 'connection') this.#agree(model.setPeer(scope, String(to)), () => { (real as ConnManagementScope).setPeer(PEERS[to] as PeerRef) })
        else if (scope.kind === 'stream' && service) this.#agree(model.setService(scope, `s${to}`), () => { (real as StreamManagementScope).setService(`s${to}`) })
        else if (scope.kind === 'stream') this.#agree(model.setProtocol(scope, `/p/${to}`), () => { (real as StreamManagementScope).setProtocol(`/p/${to}`) })
        break
      }
      case 'reserve': {
        const { bytes, priority } = step as { bytes: number, priority: number }
        this.#agree(model.reserve((pair as Pair).model, bytes, priority), () => { (pair as Pair).real.reserveMemory(bytes, priority) })
        break
      }
      case 'release': {
        const { bytes } = step as { bytes: number }
        model.release((pair as Pair).model, bytes)
        ;(pair as Pair).real.releaseMemory(bytes)
        break
      }
      case 'span': {
        const { model: owner, real } = pair as Pair
        const scope = this.#scope({ kind: 'span', name: `span ${++this.#made}`, owner })
        this.#opens(scope, model.beginSpan(scope), () => real.beginSpan())
        break
      }
      case 'end': {
        const { model: scope, real } = pair as Pair
        if (scope.kind === 'named') break
        model.end(scope)
        ;(real as ResourceScopeSpan).done()
        break
      }
      default: clock.advance(60_000)
    }
  }

  /** Every count is what the model adds up. */
  compare (): void {
    const { manager } = this.#test
    const all = manager.snapshot({ level: 'all' })
    const found = new Map([
      ['system', all.system.stat], ['transient', all.transient.stat], ['allowlisted-system', all.allowlistedSystem.stat], ['allowlisted-transient', all.allowlistedTransient.stat],
      ...(all.peers ?? []).map(({ name, stat }) => [`peer ${PEERS.findIndex(peer => String(peer) === name)}`, stat] as const),
      ...(all.protocols ?? []).map(({ name, stat }) => [`protocol ${name}`, stat] as const),
      ...(all.services ?? []).map(({ name, stat }) => [`service ${name}`, stat] as const)
    ])
    for (const [name, stat] of found) assert.deepEqual({ ...stat }, this.#model.useOf(name), name)
    for (const name of new Set(this.#model.open.flatMap(scope => this.#model.chargedTo(scope)))) {
      if (/^(peer|protocol|service) /.test(name)) assert(found.has(name), `${name} is in use and has a scope`)
    }
    for (const { model, real } of this.#pairs) {
      if (model.ended || (model.kind === 'span' && this.#model.chargedTo(model).length === 0)) continue
      assert.deepEqual({ ...real.stat() }, this.#model.useOf(model.name), model.name)
    }
  }

  /** Ends everything, and looks whether anything is left. */
  async end (): Promise<void> {
    const { manager, clock } = this.#test
    for (const { model, real } of this.#pairs.toReversed()) {
      if (model.kind === 'named') real.releaseMemory(model.bytes)
      else (real as ResourceScopeSpan).done()
    }
    assertScopesAtRest(manager)
    clock.advance(60_000)
    const { numPeers, numProtocols, numServices, allowlistedSystem, allowlistedTransient } = manager.snapshot()
    assert.deepEqual([numPeers, numProtocols, numServices], [0, 0, 0])
    for (const { stat } of [allowlistedSystem, allowlistedTransient]) assert(Object.values(stat).every(count => count === 0))
    await manager.close()
    assert.equal(clock.pendingTimers, 0)
  }

  #scope (scope: Pick<ModelScope, 'kind' | 'name'> & Partial<ModelScope>): ModelScope {
    return { root: '', bytes: 0, ended: false, ...scope }
  }

  #opens (scope: ModelScope, expected: Outcome, open: () => ResourceScope): void {
    this.#agree(expected, () => { this.#pairs.push({ model: scope, real: open() }) })
  }

  #agree (expected: Outcome, attempt: () => void): void {
    assert.deepEqual(outcomeOf(attempt), expected)
  }
}

describe('model', () => {
  it('does what a plain model does, in 10,000 sequences of steps at random, and keeps nothing at the end', async () => {
    const seen = new Map<string, number>()
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async steps => {
      const both = new Both()
      for (const each of steps) {
        both.run(each)
        seen.set(each.op, (seen.get(each.op) ?? 0) + 1)
      }
      both.compare()
      await both.end()
    }), { numRuns: 10_000 })
    assert.equal(seen.size, 8)
  }).timeout(120_000)

  it('agrees with the model behind every single step too', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async steps => {
      const both = new Both()
      for (const each of steps) {
        both.run(each)
        both.compare()
      }
      await both.end()
    }), { numRuns: 300 })
  }).timeout(120_000)
})
