import type { Direction, LimitedResource, ResourceManager, ResourceScopeSpan } from '@weir/network'
import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'
import type { LimitedScope, ScopeLimit } from './resource-manager-subject.ts'

/** A step that one limit refuses, with the numbers that the refusal has to carry. */
export interface Refusal {
  readonly step: string
  readonly scope: LimitedScope
  readonly limit: ScopeLimit
  readonly resource: LimitedResource
  readonly direction?: Direction | undefined
  readonly current: number
  readonly attempted: number
  /** Uses up the limit. What is opened is ended with `held`. */
  arrange (manager: ResourceManager, held: DisposableStack): {
    /** Makes the step. */
    readonly attempt: () => void
    /** Ends what uses up the limit. */
    readonly makeRoom: () => void
  }
}

const peer = samplePeer(1)

type LimitName = keyof ScopeLimit

const DIRECTIONS: Readonly<Record<string, Direction>> = { connsInbound: 'inbound', streamsInbound: 'inbound', connsOutbound: 'outbound', streamsOutbound: 'outbound' }

function countOf (name: LimitName): Pick<Refusal, 'limit' | 'resource' | 'direction' | 'current' | 'attempted'> {
  const resource = name === 'fds' ? 'fd' : name.startsWith('conns') ? 'connection' : 'stream'
  return { limit: { [name]: 1 }, resource, direction: DIRECTIONS[name], current: 1, attempted: 1 }
}

function openConnection (scope: LimitedScope, name: LimitName): Refusal {
  return {
    step: 'openConnection',
    scope,
    ...countOf(name),
    arrange (manager, held) {
      const open = (): Disposable => held.use(manager.openConnection(name === 'connsOutbound' ? 'outbound' : 'inbound', true, sampleAddr(1)))
      const first = open()
      return { attempt: open, makeRoom: () => { first[Symbol.dispose]() } }
    }
  }
}

function setPeer (name: LimitName): Refusal {
  return {
    step: 'setPeer',
    scope: 'peer',
    ...countOf(name),
    arrange (manager, held) {
      const first = held.use(manager.openConnection('inbound', true, sampleAddr(1)))
      first.setPeer(peer)
      const second = held.use(manager.openConnection('inbound', true, sampleAddr(2)))
      return { attempt: () => { second.setPeer(peer) }, makeRoom: () => { first.done() } }
    }
  }
}

function openStream (scope: LimitedScope, name: LimitName): Refusal {
  return {
    step: 'openStream',
    scope,
    ...countOf(name),
    arrange (manager, held) {
      const open = (): Disposable => held.use(manager.openStream(peer, name === 'streamsOutbound' ? 'outbound' : 'inbound'))
      const first = open()
      return { attempt: open, makeRoom: () => { first[Symbol.dispose]() } }
    }
  }
}

function setProtocol (scope: LimitedScope, name: LimitName): Refusal {
  return {
    step: 'setProtocol',
    scope,
    ...countOf(name),
    arrange (manager, held) {
      const [first, second] = [held.use(manager.openStream(peer, 'inbound')), held.use(manager.openStream(peer, 'inbound'))]
      first.setProtocol('/a/1')
      return { attempt: () => { second.setProtocol('/a/1') }, makeRoom: () => { first.done() } }
    }
  }
}

function setService (scope: LimitedScope, name: LimitName): Refusal {
  return {
    step: 'setService',
    scope,
    ...countOf(name),
    arrange (manager, held) {
      const [first, second] = [held.use(manager.openStream(peer, 'inbound')), held.use(manager.openStream(peer, 'inbound'))]
      first.setProtocol('/a/1')
      second.setProtocol('/b/1')
      first.setService('service')
      return { attempt: () => { second.setService('service') }, makeRoom: () => { first.done() } }
    }
  }
}

const MEMORY: Pick<Refusal, 'limit' | 'resource' | 'current' | 'attempted'> = { limit: { memoryBytes: 100 }, resource: 'memory', current: 60, attempted: 50 }

/** Attaching takes the memory along: 60 bytes are there, and 50 come with the second. */
function attachWithMemory (step: 'setPeer' | 'setProtocol' | 'setService', scope: LimitedScope): Refusal {
  return {
    step: `${step} of a scope with memory`,
    scope,
    ...MEMORY,
    arrange (manager, held) {
      const opened = [60, 50].map(bytes => {
        if (step === 'setPeer') {
          const conn = held.use(manager.openConnection('inbound', false, sampleAddr(1)))
          conn.reserveMemory(bytes, 255)
          return { scope: conn, attach: () => { conn.setPeer(peer) } }
        }
        const stream = held.use(manager.openStream(peer, 'inbound'))
        stream.reserveMemory(bytes, 255)
        if (step === 'setService') stream.setProtocol('/a/1')
        return { scope: stream, attach: () => { step === 'setService' ? stream.setService('service') : stream.setProtocol('/a/1') } }
      })
      const [first, second] = opened as [typeof opened[0], typeof opened[0]]
      first.attach()
      return { attempt: second.attach, makeRoom: () => { first.scope.done() } }
    }
  }
}

const OWNERS = {
  connection: (manager: ResourceManager): ResourceScopeSpan => manager.openConnection('inbound', false, sampleAddr(1)),
  'connection with a peer' (manager: ResourceManager): ResourceScopeSpan {
    const conn = manager.openConnection('inbound', false, sampleAddr(1))
    conn.setPeer(peer)
    return conn
  },
  stream: (manager: ResourceManager): ResourceScopeSpan => manager.openStream(peer, 'inbound'),
  'stream with protocol and service' (manager: ResourceManager): ResourceScopeSpan {
    const stream = manager.openStream(peer, 'inbound')
    stream.setProtocol('/a/1')
    stream.setService('service')
    return stream
  }
}

/** 60 bytes are held by the owner itself, 50 more are asked for in the innermost of its spans. */
function reserveMemory (what: keyof typeof OWNERS, scope: LimitedScope, spans: number): Refusal {
  return {
    step: `reserveMemory of a ${['', 'span of a ', 'span of a span of a '][spans]}${what}`,
    scope,
    ...MEMORY,
    arrange (manager, held) {
      const owner = held.use(OWNERS[what](manager))
      owner.reserveMemory(60, 255)
      let charged = owner
      for (let i = 0; i < spans; i++) charged = held.use(charged.beginSpan())
      return { attempt: () => { charged.reserveMemory(50, 255) }, makeRoom: () => { owner.releaseMemory(20) } }
    }
  }
}

/** Every step that can be refused, and every scope that can refuse it. */
export const REFUSALS: readonly Refusal[] = [
  ...(['conns', 'connsInbound', 'connsOutbound', 'fds'] as const).flatMap(name => [openConnection('system', name), openConnection('transient', name)]),
  ...(['conns', 'connsInbound', 'fds'] as const).map(setPeer),
  ...(['streams', 'streamsInbound', 'streamsOutbound'] as const).flatMap(name => [openStream('peer', name), openStream('transient', name), openStream('system', name)]),
  ...(['streams', 'streamsInbound'] as const).flatMap(name => [setProtocol('protocol', name), setProtocol('protocol-peer', name), setService('service', name), setService('service-peer', name)]),
  attachWithMemory('setPeer', 'peer'),
  attachWithMemory('setProtocol', 'protocol'),
  attachWithMemory('setProtocol', 'protocol-peer'),
  attachWithMemory('setService', 'service'),
  attachWithMemory('setService', 'service-peer'),
  ...[0, 1, 2].flatMap(spans => [
    ...(['connection', 'transient', 'system'] as const).map(scope => reserveMemory('connection', scope, spans)),
    ...(['connection', 'peer', 'system'] as const).map(scope => reserveMemory('connection with a peer', scope, spans)),
    ...(['stream', 'peer', 'transient', 'system'] as const).map(scope => reserveMemory('stream', scope, spans)),
    ...(['stream', 'peer', 'protocol-peer', 'service-peer', 'protocol', 'service', 'system'] as const).map(scope => reserveMemory('stream with protocol and service', scope, spans))
  ])
]
