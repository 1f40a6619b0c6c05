import assert from 'node:assert/strict'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Conn, PeerRef } from '@weir/network'
import type { ConnManagerInit } from '../src/index.ts'
import { ConnHouse, type ConnectOptions, inboundRefusal } from './conn-house.ts'

/** A node that may have so many inbound connections, and asks its manager for room as a swarm does. */
export class FullNode extends ConnHouse {
  readonly limit: number

  constructor (limit: number, init: ConnManagerInit = {}) {
    super(init)
    this.limit = limit
  }

  /** Whether a newcomer would be let in; makes room for it when that is needed. */
  admit (addr: Multiaddr): boolean {
    if (this.numInbound < this.limit) return true
    const made = this.manager.makeRoom(inboundRefusal(this.limit), { localMultiaddr: addr, remoteMultiaddr: addr })
    if (made) assert(this.numInbound < this.limit, 'what was promised is there in the same turn')
    return made
  }

  /** @returns the connection; `undefined` when it was refused, or ended as soon as it was known who it is */
  accept (peer: PeerRef, addr: Multiaddr, options: ConnectOptions = {}): Conn | undefined {
    if (!this.admit(addr)) return undefined
    const conn = this.connect(peer, { direction: 'inbound', addr, ...options })
    return conn.isClosed() ? undefined : conn
  }

  get numInbound (): number {
    let count = 0
    for (const conn of this.open.values()) if (conn.stat().direction === 'inbound') count++
    return count
  }
}
