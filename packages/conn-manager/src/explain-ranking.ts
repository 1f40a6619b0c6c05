import type { PeerEntry } from './peer-entry.ts'
import type { PeerRank } from './peer-rank.ts'
import { SPARED_REASONS, type TrimPlan, worthReason } from './plan-trim.ts'
import type { Ranking } from './rank-peers.ts'
import type { RankedPeer } from './ranked-peer.ts'

/** A ranking in words, with what a trim would do. */
export function explainRanking ({ temporary, temporaryInGrace, candidates, spared }: Ranking, plan: TrimPlan): PeerRank[] {
  const closed = new Set(plan.close)
  const forgotten = new Set(plan.forget)
  const ranks: PeerRank[] = []
  const addTemporary = ({ peer, value }: PeerEntry, verdict: PeerRank['verdict']): void => {
    ranks.push({ peer, rank: ranks.length, verdict, reason: verdict === 'spare' ? 'has tags but no connection, since not long ago' : 'has tags but no connection', value, connIds: [], numStreams: 0, inbound: false, group: '', crowding: 0 })
  }
  for (const entry of temporary) addTemporary(entry, forgotten.has(entry) ? 'forget' : 'keep')
  const add = (ranked: RankedPeer, verdict: PeerRank['verdict']): void => {
    const { entry, value, numStreams, inbound, group, crowding } = ranked
    const reason = ranked.spared === undefined ? worthReason(ranked) : SPARED_REASONS[ranked.spared]
    ranks.push({ peer: entry.peer, rank: ranks.length, verdict, reason, value, connIds: entry.openConns().map(({ conn }) => conn.id), numStreams, inbound, group, crowding })
  }
  for (const ranked of candidates) if (ranked.spared === undefined) add(ranked, closed.has(ranked) ? 'close' : 'keep')
  for (const ranked of candidates) if (ranked.spared !== undefined) add(ranked, 'spare')
  for (const ranked of spared) add(ranked, 'spare')
  for (const entry of temporaryInGrace) addTemporary(entry, 'spare')
  return ranks
}
