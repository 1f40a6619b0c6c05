import type { Direction, ScopeStat } from '@weir/network'
import type { Limit } from '../src/index.ts'

/** What a step of the model says should happen: nothing special, or what is thrown. */
export type Outcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'attached' }
  | { readonly kind: 'not-attached' }
  | { readonly kind: 'refused', readonly scope: string, readonly resource: string, readonly direction: string | undefined, readonly current: number, readonly attempted: number, readonly limit: number }

export interface ModelScope {
  readonly kind: 'connection' | 'stream' | 'span' | 'named'
  readonly name: string
  readonly direction?: Direction
  readonly usesFd?: boolean
  readonly address?: 'any' | 'trusted' | 'trusted-with-0'
  owner?: ModelScope | undefined
  root: '' | 'allowlisted-'
  peer?: string | undefined
  protocol?: string | undefined
  service?: string | undefined
  bytes: number
  ended: boolean
}

type Use = { -readonly [K in keyof ScopeStat]: number }

const OK: Outcome = { kind: 'ok' }

/**
 * A resource manager as plainly as it can be said: it keeps no count at all. What a scope has in use is added up anew, from
 * everything that is open, whenever somebody asks.
 */
export class ReferenceModel {
  readonly open: ModelScope[] = []
  readonly #limits: (scope: string) => Limit

  /** @param limits - by the kind of the scope */
  constructor (limits: (kind: string) => Limit) {
    this.#limits = limits
  }

  /** The names of all scopes that something is charged to, the nearest first; none for what hangs on an ended scope. */
  chargedTo (scope: ModelScope): string[] {
    if (scope.ended) return []
    switch (scope.kind) {
      case 'span': {
        const above = this.chargedTo(scope.owner as ModelScope)
        return above.length === 0 ? [] : [scope.name, ...above]
      }
      case 'named': return scope.name === 'system' ? ['system'] : [scope.name, 'system']
      case 'connection': return [scope.name, scope.peer === undefined ? `${scope.root}transient` : `peer ${scope.peer}`, `${scope.root}system`]
      default: {
        const { name, peer, protocol, service, root } = scope
        if (protocol === undefined) return [name, `peer ${peer}`, `${root}transient`, `${root}system`]
        if (service === undefined) return [name, `peer ${peer}`, `protocol-peer ${protocol} ${peer}`, `protocol ${protocol}`, `${root}system`]
        return [name, `peer ${peer}`, `protocol-peer ${protocol} ${peer}`, `service-peer ${service} ${peer}`, `protocol ${protocol}`, `service ${service}`, `${root}system`]
      }
    }
  }

  useOf (name: string): Use {
    const use: Use = { numStreamsInbound: 0, numStreamsOutbound: 0, numConnsInbound: 0, numConnsOutbound: 0, numFD: 0, memoryBytes: 0 }
    for (const scope of this.open) {
      if (!this.chargedTo(scope).includes(name)) continue
      use.memoryBytes += scope.bytes
      if (scope.kind === 'stream') use[scope.direction === 'inbound' ? 'numStreamsInbound' : 'numStreamsOutbound']++
      if (scope.kind === 'connection') {
        use[scope.direction === 'inbound' ? 'numConnsInbound' : 'numConnsOutbound']++
        if (scope.usesFd === true) use.numFD++
      }
    }
    return use
  }

  openConn (scope: ModelScope): Outcome {
    const more = this.#own(scope)
    let refusal = this.#refusal([scope.name, 'transient', 'system'], more)
    if (refusal !== undefined && scope.address !== 'any') {
      scope.root = 'allowlisted-'
      refusal = this.#refusal([scope.name, 'allowlisted-transient', 'allowlisted-system'], more)
    }
    return this.#settle(refusal, () => { this.open.push(scope) })
  }

  openStream (scope: ModelScope): Outcome {
    const trusted = this.open.filter(each => each.kind === 'connection' && each.peer === scope.peer && this.#trustedNow(each))
    if (trusted.some(({ root }) => root !== '')) scope.root = 'allowlisted-'
    const more = this.#own(scope)
    let refusal = this.#refusal(this.chargedTo(scope), more)
    if (refusal !== undefined && trusted.length > 0 && scope.root === '') {
      scope.root = 'allowlisted-'
      refusal = this.#refusal(this.chargedTo(scope), more)
    }
    return this.#settle(refusal, () => { this.open.push(scope) })
  }

  setPeer (scope: ModelScope, peer: string): Outcome {
    if (scope.ended) return { kind: 'closed' }
    if (scope.peer !== undefined) return { kind: 'attached' }
    const wrong = scope.address === 'trusted-with-0' && peer !== '0'
    const asked = wrong && scope.root !== '' ? ['transient', 'system', `peer ${peer}`] : [`peer ${peer}`]
    return this.#settle(this.#refusal(asked, this.useOf(scope.name)), () => {
      scope.peer = peer
      if (wrong) scope.root = ''
    })
  }

  setProtocol (scope: ModelScope, protocol: string): Outcome {
    if (scope.ended) return { kind: 'closed' }
    if (scope.protocol !== undefined) return { kind: 'attached' }
    return this.#settle(this.#refusal([`protocol ${protocol}`, `protocol-peer ${protocol} ${scope.peer}`], this.useOf(scope.name)), () => { scope.protocol = protocol })
  }

  setService (scope: ModelScope, service: string): Outcome {
    if (scope.ended) return { kind: 'closed' }
    if (scope.service !== undefined) return { kind: 'attached' }
    if (scope.protocol === undefined) return { kind: 'not-attached' }
    return this.#settle(this.#refusal([`service ${service}`, `service-peer ${service} ${scope.peer}`], this.useOf(scope.name)), () => { scope.service = service })
  }

  beginSpan (span: ModelScope): Outcome {
    if (this.chargedTo(span.owner as ModelScope).length === 0) return { kind: 'closed' }
    this.open.push(span)
    return OK
  }

  reserve (scope: ModelScope, bytes: number, priority: number): Outcome {
    const names = this.chargedTo(scope)
    if (names.length === 0) return { kind: 'closed' }
    for (const name of names) {
      const kind = name.split(' ')[0] as string
      if (kind === 'span') continue
      const { memoryBytes: limit } = this.#limits(kind)
      const { memoryBytes: current } = this.useOf(name)
      if (BigInt(current + bytes) > BigInt(1 + priority) * BigInt(limit) / 256n) return { kind: 'refused', scope: kind, resource: 'memory', direction: undefined, current, attempted: bytes, limit }
    }
    scope.bytes += bytes
    return OK
  }

  release (scope: ModelScope, bytes: number): void {
    if (!scope.ended) scope.bytes = Math.max(0, scope.bytes - bytes)
  }

  end (scope: ModelScope): void {
    scope.ended = true
    scope.bytes = 0
  }

  #trustedNow (conn: ModelScope): boolean {
    return !conn.ended && (conn.address === 'trusted' || (conn.address === 'trusted-with-0' && conn.peer === '0'))
  }

  #own ({ kind, direction, usesFd }: ModelScope): Use {
    const [inbound, outbound] = direction === 'inbound' ? [1, 0] : [0, 1]
    const none = { numStreamsInbound: 0, numStreamsOutbound: 0, numConnsInbound: 0, numConnsOutbound: 0, numFD: 0, memoryBytes: 0 }
    return kind === 'stream' ? { ...none, numStreamsInbound: inbound, numStreamsOutbound: outbound } : { ...none, numConnsInbound: inbound, numConnsOutbound: outbound, numFD: usesFd === true ? 1 : 0 }
  }

  #refusal (names: readonly string[], more: Use): Outcome | undefined {
    for (const name of names) {
      const scope = name.split(' ')[0] as string
      const limit = this.#limits(scope)
      const use = this.useOf(name)
      const checks: [string, string | undefined, number, number, number][] = [
        ['memory', undefined, use.memoryBytes, more.memoryBytes, limit.memoryBytes],
        ['stream', 'inbound', use.numStreamsInbound, more.numStreamsInbound, limit.streamsInbound],
        ['stream', 'outbound', use.numStreamsOutbound, more.numStreamsOutbound, limit.streamsOutbound],
        ['stream', undefined, use.numStreamsInbound + use.numStreamsOutbound, more.numStreamsInbound + more.numStreamsOutbound, limit.streams],
        ['connection', 'inbound', use.numConnsInbound, more.numConnsInbound, limit.connsInbound],
        ['connection', 'outbound', use.numConnsOutbound, more.numConnsOutbound, limit.connsOutbound],
        ['connection', undefined, use.numConnsInbound + use.numConnsOutbound, more.numConnsInbound + more.numConnsOutbound, limit.conns],
        ['fd', undefined, use.numFD, more.numFD, limit.fd]
      ]
      for (const [resource, direction, current, attempted, max] of checks) {
        if (attempted > 0 && current + attempted > max) return { kind: 'refused', scope, resource, direction, current, attempted, limit: max }
      }
    }
    return undefined
  }

  #settle (refusal: Outcome | undefined, then: () => void): Outcome {
    if (refusal !== undefined) return refusal
    then()
    return OK
  }
}
