import type { LocalRefusal, ScopeId, ScopeStat } from '@weir/network'
import type { Limit } from './limit.ts'
import { FollowedUse, type PeerUse } from './peer-use.ts'

/**
 * What one scope has in use, and the check against its limit.
 *
 * Pure bookkeeping: it knows nothing of parents. `Scope` decides whom else to charge: it asks everybody first and charges
 * then, so that nothing has ever to be undone, not even when a dynamic limit throws.
 *
 * Not checked here: that no more is taken away than was added. Scopes see to that.
 *
 * @see reference/go-libp2p.md 2.3
 */
export abstract class Counter {
  readonly limit: Limit
  readonly #followed: FollowedUse | undefined
  #memoryBytes = 0
  #streamsInbound = 0
  #streamsOutbound = 0
  #connsInbound = 0
  #connsOutbound = 0
  #fd = 0

  /** @param use - follows it */
  constructor (limit: Limit, use?: PeerUse) {
    this.limit = limit
    this.#followed = use && new FollowedUse(use, this)
  }

  /** Whose count it is: made when a refusal is to be explained. */
  abstract get id (): ScopeId

  /** It went to zero. */
  abstract onZero (): void

  get memoryBytes (): number {
    return this.#memoryBytes
  }

  get conns (): number {
    return this.#connsInbound + this.#connsOutbound
  }

  get hasInboundConns (): boolean {
    return this.#connsInbound > 0
  }

  get streams (): number {
    return this.#streamsInbound + this.#streamsOutbound
  }

  get isZero (): boolean {
    return this.#memoryBytes === 0 && this.#streamsInbound === 0 && this.#streamsOutbound === 0 && this.#connsInbound === 0 && this.#connsOutbound === 0
  }

  stat (): ScopeStat {
    return {
      numStreamsInbound: this.#streamsInbound,
      numStreamsOutbound: this.#streamsOutbound,
      numConnsInbound: this.#connsInbound,
      numConnsOutbound: this.#connsOutbound,
      numFD: this.#fd,
      memoryBytes: this.#memoryBytes
    }
  }

  /** Why `bytes` more at this priority are too much; `undefined` when they are not. */
  memoryRefusal (bytes: number, priority: number): LocalRefusal | undefined {
    const limit = this.limit.memoryBytes
    const next = this.#memoryBytes + bytes
    // Written so that a limit that is no number refuses.
    if (next <= (priority === 255 ? limit : memoryBorder(limit, priority)) && next <= Number.MAX_SAFE_INTEGER) return undefined
    return { where: 'local', scope: this.id, resource: 'memory', current: this.#memoryBytes, attempted: bytes, limit: Math.min(limit, Number.MAX_SAFE_INTEGER), priority }
  }

  streamRefusal (inbound: number, outbound: number): LocalRefusal | undefined {
    const { streams, streamsInbound, streamsOutbound } = this.limit
    if (inbound > 0 && !(this.#streamsInbound + inbound <= streamsInbound)) return countRefusal(this.id, 'stream', 'inbound', this.#streamsInbound, inbound, streamsInbound)
    if (outbound > 0 && !(this.#streamsOutbound + outbound <= streamsOutbound)) return countRefusal(this.id, 'stream', 'outbound', this.#streamsOutbound, outbound, streamsOutbound)
    if (!(this.streams + inbound + outbound <= streams)) return countRefusal(this.id, 'stream', undefined, this.streams, inbound + outbound, streams)
    return undefined
  }

  connRefusal (inbound: number, outbound: number, fd: number): LocalRefusal | undefined {
    const { conns, connsInbound, connsOutbound } = this.limit
    if (inbound > 0 && !(this.#connsInbound + inbound <= connsInbound)) return countRefusal(this.id, 'connection', 'inbound', this.#connsInbound, inbound, connsInbound)
    if (outbound > 0 && !(this.#connsOutbound + outbound <= connsOutbound)) return countRefusal(this.id, 'connection', 'outbound', this.#connsOutbound, outbound, connsOutbound)
    if (!(this.conns + inbound + outbound <= conns)) return countRefusal(this.id, 'connection', undefined, this.conns, inbound + outbound, conns)
    if (fd > 0) {
      const limit = this.limit.fd
      if (!(this.#fd + fd <= limit)) return countRefusal(this.id, 'fd', undefined, this.#fd, fd, limit)
    }
    return undefined
  }

  /** Why all that another counts is too much on top: memory first, then streams, then connections. What it has none of is not asked for. */
  refusalOf (child: Counter): LocalRefusal | undefined {
    let refusal: LocalRefusal | undefined
    if (child.#memoryBytes > 0) refusal = this.memoryRefusal(child.#memoryBytes, 255)
    if (refusal === undefined && child.streams > 0) refusal = this.streamRefusal(child.#streamsInbound, child.#streamsOutbound)
    if (refusal === undefined && child.conns > 0) refusal = this.connRefusal(child.#connsInbound, child.#connsOutbound, child.#fd)
    return refusal
  }

  addMemory (bytes: number): void {
    this.#memoryBytes += bytes
    this.#followed?.changed()
  }

  addStream (inbound: boolean): void {
    if (inbound) this.#streamsInbound++
    else this.#streamsOutbound++
    this.#followed?.changed()
  }

  addConn (inbound: boolean, usesFd: boolean): void {
    if (inbound) this.#connsInbound++
    else this.#connsOutbound++
    if (usesFd) this.#fd++
    this.#followed?.changed()
  }

  /** Adds all that another counts. */
  add (child: Counter): void {
    this.#memoryBytes += child.#memoryBytes
    this.#streamsInbound += child.#streamsInbound
    this.#streamsOutbound += child.#streamsOutbound
    this.#connsInbound += child.#connsInbound
    this.#connsOutbound += child.#connsOutbound
    this.#fd += child.#fd
    this.#followed?.changed()
  }

  removeMemory (bytes: number): void {
    this.#memoryBytes -= bytes
    this.#followed?.changed()
    if (this.isZero) this.onZero()
  }

  /** Takes away all that another counts. */
  remove (child: Counter): void {
    this.#memoryBytes -= child.#memoryBytes
    this.#streamsInbound -= child.#streamsInbound
    this.#streamsOutbound -= child.#streamsOutbound
    this.#connsInbound -= child.#connsInbound
    this.#connsOutbound -= child.#connsOutbound
    this.#fd -= child.#fd
    this.#followed?.changed()
    if (this.isZero) this.onZero()
  }

  clear (): void {
    this.#memoryBytes = this.#streamsInbound = this.#streamsOutbound = this.#connsInbound = this.#connsOutbound = this.#fd = 0
    this.#followed?.changed()
    this.#followed?.settle() // nobody asks it any more
  }
}

function countRefusal (scope: ScopeId, resource: 'stream' | 'connection' | 'fd', direction: 'inbound' | 'outbound' | undefined, current: number, attempted: number, limit: number): LocalRefusal {
  return { where: 'local', scope, resource, direction, current, attempted, limit }
}

/**
 * `floor((1 + priority) * limit / 256)`, in two parts: the product passes 2 ** 53 long before the limit does, and would be
 * rounded.
 */
function memoryBorder (limit: number, priority: number): number {
  if (limit === Infinity) return Infinity
  const share = 1 + priority
  const rest = limit % 256
  return (limit - rest) / 256 * share + Math.floor(rest * share / 256)
}
