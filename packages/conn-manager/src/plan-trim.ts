import type { PeerRef } from '@weir/network'
import type { PeerEntry } from './peer-entry.ts'
import type { RankedPeer, Spared } from './ranked-peer.ts'
import type { Ranking } from './rank-peers.ts'

/** What a trim is to do, and why it is to do no more. */
export interface TrimPlan {
  /** First to last. */
  readonly close: readonly RankedPeer[]
  readonly forget: readonly PeerEntry[]
  readonly spared: readonly { readonly peer: PeerRef, readonly reason: string }[]
  readonly reason: string
}

export interface Marks {
  readonly lowWater: number
  readonly highWater: number
  /** Peers with outbound connections only that stay. */
  readonly reservedOutbound: number
}

export const SPARED_REASONS: Readonly<Record<Spared, string>> = Object.freeze({
  trusted: 'trusted',
  protected: 'protected',
  grace: 'connected not long ago: in its period of grace',
  outbound: 'one of the last outbound peers'
})

/**
 * An ordinary trim. Connections that are spared do not count for the low mark, as in Go: it leaves the low mark, and them.
 *
 * @see reference/go-libp2p.md 3.2, "getConnsToClose"
 */
export function planTrim (ranking: Ranking, { lowWater, highWater, reservedOutbound }: Marks): TrimPlan {
  const { candidates, numConns, numExpendable, numOutbound } = ranking
  if (lowWater === 0 || highWater === 0) return nothing(ranking, `trimming is off: the marks are ${lowWater} and ${highWater}`)
  if (numConns <= lowWater) return nothing(ranking, `${numConns} connections are no more than the low mark of ${lowWater}`)
  if (numExpendable <= lowWater) return nothing(ranking, `of ${numConns} connections ${numExpendable} may be trimmed, no more than the low mark of ${lowWater}: the others are protected, trusted or in grace`)
  const close: RankedPeer[] = []
  let target = numExpendable - lowWater
  let outbound = numOutbound
  const kept: RankedPeer[] = []
  for (const ranked of candidates) {
    if (target <= 0) break
    if (!ranked.inbound && outbound <= reservedOutbound) {
      ranked.spared = 'outbound'
      kept.push(ranked)
      continue
    }
    if (!ranked.inbound) outbound--
    close.push(ranked)
    target -= ranked.numConns
  }
  return { close, forget: ranking.temporary, spared: [...ranking.spared, ...kept].map(spare), reason: `${count(close)} of ${numConns} connections above the low mark of ${lowWater}, with ${numConns - numExpendable} that are spared on top of it` }
}

/**
 * A trim by force, to the low mark exactly: first of those who are neither trusted nor protected, whatever their grace; only when
 * these are not enough, of all.
 */
export function planForcedTrim (ranking: Ranking, { lowWater }: Pick<Marks, 'lowWater'>): TrimPlan {
  const { candidates, spared, numConns } = ranking
  let target = numConns - lowWater
  if (target <= 0) return nothing(ranking, `${numConns} connections are no more than the low mark of ${lowWater}`)
  const close: RankedPeer[] = []
  const take = (from: Iterable<RankedPeer>): void => {
    for (const ranked of from) {
      if (target <= 0) return
      close.push(ranked)
      target -= ranked.numConns
    }
  }
  take(candidates)
  take(spared.filter(ranked => ranked.spared === 'protected'))
  take(spared.filter(ranked => ranked.spared === 'trusted'))
  const closed = new Set(close)
  return { close, forget: ranking.temporary, spared: spared.filter(ranked => !closed.has(ranked)).map(spare), reason: `by force: ${count(close)} of ${numConns} connections above the low mark of ${lowWater}` }
}

/** Why a peer is where it is in the order. */
export function worthReason ({ value, crowding, group, numStreams, inbound }: RankedPeer): string {
  return `value ${value}, ${crowding} more from ${group === '' ? 'the same place' : group}, ${numStreams} ${numStreams === 1 ? 'stream' : 'streams'}, ${inbound ? 'inbound' : 'outbound'}`
}

function nothing (ranking: Ranking, reason: string): TrimPlan {
  return { close: [], forget: [], spared: ranking.spared.map(spare), reason }
}

function spare ({ entry, spared }: RankedPeer): TrimPlan['spared'][number] {
  return { peer: entry.peer, reason: SPARED_REASONS[spared ?? 'grace'] }
}

function count (peers: readonly RankedPeer[]): number {
  return peers.reduce((sum, { numConns }) => sum + numConns, 0)
}
