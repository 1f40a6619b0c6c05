import { type Conn, type ConnManager, ConnErrorCode, noopNotifiee, type PeerRef } from '@weir/network'
import type { ConnManagerMarks } from '../src/index.ts'

/** What can be broken in the manager below. */
export type ConnMutant =
  | 'value of the last tag' | 'upsert starts at undefined' | 'one protection for all' | 'unprotect says nothing' | 'protections go with the connection' | 'tags stay'
  | 'counts by address' | 'trims the protected' | 'most valuable first' | 'trims all' | 'closes without a code' | 'makes room later' | 'makeRoom throws' | 'no reason'
  | 'limit off by one' | 'makes room by an outbound one' | 'makes room for a rate' | 'leaves a timer' | 'closes the connections' | 'live tag info' | 'counts twice'

interface Known {
  readonly peer: PeerRef
  readonly firstSeenMs: number
  readonly tags: Map<string, number>
  readonly conns: Map<string, Conn>
}

/** The smallest manager that does what the suite asks, with switches to break it. Forgets nobody: for tests only. */
export function taggingConnManager ({ lowWater, highWater, clock }: ConnManagerMarks, ...broken: ConnMutant[]): ConnManager {
  const is = (mutant: ConnMutant): boolean => broken.includes(mutant)
  const known = new Map<string, Known>()
  const protections = new Map<string, Set<string>>()
  if (is('leaves a timer')) clock.setTimeout(() => {}, 1e9)

  const get = (peer: PeerRef): Known => {
    const entry = known.get(peer.toString()) ?? { peer, firstSeenMs: clock.wallMs(), tags: new Map(), conns: new Map() }
    known.set(peer.toString(), entry)
    return entry
  }
  const sum = ({ tags }: Known): number => is('value of the last tag') ? [...tags.values()].at(-1) ?? 0 : [...tags.values()].reduce((a, b) => a + b, 0)
  const all = (): Conn[] => [...known.values()].flatMap(({ conns }) => [...conns.values()])
  const isProtected = (peer: PeerRef): boolean => (protections.get(peer.toString())?.size ?? 0) > 0 && !is('trims the protected')
  const key = (conn: Conn): string => is('counts by address') ? conn.remoteMultiaddr.toString() : is('counts twice') ? `${conn.id} ${Math.random()}` : conn.id

  const candidates = (): Conn[] => all().filter(({ remotePeer }) => !isProtected(remotePeer)).sort((a, b) => {
    const byValue = (sum(get(a.remotePeer)) - sum(get(b.remotePeer))) * (is('most valuable first') ? -1 : 1)
    const idle = Number(a.stat().numStreams > 0) - Number(b.stat().numStreams > 0)
    return byValue || idle || Number(a.stat().direction !== 'inbound') - Number(b.stat().direction !== 'inbound')
  })
  const close = (conn: Conn): void => { void (is('closes without a code') ? conn.close() : conn.closeWithError(ConnErrorCode.garbageCollected)) }

  const manager: ConnManager = {
    tagPeer: (peer, tag, value) => { get(peer).tags.set(tag, value) },
    untagPeer: (peer, tag) => { known.get(peer.toString())?.tags.delete(tag) },
    upsertTag (peer, tag, upsert) { this.tagPeer(peer, tag, upsert(known.get(peer.toString())?.tags.get(tag) ?? (is('upsert starts at undefined') ? undefined as never : 0))) },
    tagInfo (peer) {
      const entry = known.get(peer.toString())
      if (entry === undefined) return undefined
      return { firstSeenMs: entry.firstSeenMs, value: sum(entry), tags: is('live tag info') ? entry.tags : new Map(entry.tags), conns: new Map(Array.from(entry.conns, ([id, conn]) => [id, conn.stat().openedMs])) }
    },
    async trimOpenConns () {
      const count = all().length - (is('trims all') ? 0 : lowWater)
      const chosen = count > 0 ? candidates().slice(0, count) : []
      for (const conn of chosen) close(conn)
      return {
        closed: chosen.map(conn => ({ peer: conn.remotePeer, connId: conn.id, reason: 'worth least' })),
        spared: [...protections.keys()].map(text => ({ peer: { type: '', toString: () => text }, reason: 'protected' })),
        reason: is('no reason') ? '' : `${count} above the low mark`
      }
    },
    notifiee: {
      ...noopNotifiee,
      connected (_network, conn) { get(conn.remotePeer).conns.set(key(conn), conn) },
      disconnected (_network, conn) {
        const entry = known.get(conn.remotePeer.toString())
        if (entry?.conns.delete(key(conn)) !== true || entry.conns.size > 0) return
        if (!is('tags stay')) known.delete(conn.remotePeer.toString())
        if (is('protections go with the connection')) protections.delete(conn.remotePeer.toString())
      }
    },
    protect (peer, tag) { protections.set(peer.toString(), (protections.get(peer.toString()) ?? new Set()).add(tag)) },
    unprotect (peer, tag) {
      const tags = protections.get(peer.toString())
      if (is('one protection for all')) tags?.clear()
      tags?.delete(tag)
      return (tags?.size ?? 0) > 0 && !is('unprotect says nothing')
    },
    isProtected: (peer, tag) => tag === undefined ? (protections.get(peer.toString())?.size ?? 0) > 0 : protections.get(peer.toString())?.has(tag) ?? false,
    checkLimit ({ connLimit }) { if (highWater > connLimit + (is('limit off by one') ? 1 : 0)) throw new RangeError('the high mark is above the limit') },
    makeRoom (refusal) {
      if (is('makeRoom throws')) throw refusal
      const helps = refusal.where === 'local' && (refusal.resource === 'connection' || is('makes room for a rate'))
      const conn = helps ? candidates().find(each => each.stat().direction === 'inbound' || is('makes room by an outbound one')) : undefined
      if (conn === undefined) return false
      if (is('makes room later')) queueMicrotask(() => { close(conn) })
      else close(conn)
      return true
    },
    async close () { if (is('closes the connections')) for (const conn of all()) close(conn) },
    [Symbol.asyncDispose]: () => manager.close()
  }
  return manager
}
