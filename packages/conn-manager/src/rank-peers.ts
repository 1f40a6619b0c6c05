import { CandidateOrder } from './candidate-order.ts'
import { Crowds } from './crowds.ts'
import type { PeerEntry } from './peer-entry.ts'
import { compareWorth, RankedPeer, type Spared } from './ranked-peer.ts'

/** All peers, in the order in which a trim takes them. */
export interface Ranking {
  /** Peers that never connected and are out of grace: their tags go first. */
  readonly temporary: readonly PeerEntry[]
  /** Peers that never connected and were tagged not long ago. */
  readonly temporaryInGrace: readonly PeerEntry[]
  /** What may be closed, first to last. */
  readonly candidates: Iterable<RankedPeer>
  /** What is spared, in the same order but for crowding. */
  readonly spared: readonly RankedPeer[]
  /** Open connections of all. */
  readonly numConns: number
  /** Open connections of candidates. */
  readonly numExpendable: number
  /** Candidates with outbound connections only. */
  readonly numOutbound: number
}

export interface RankInit {
  /** Calls back for every peer that is known. */
  readonly visit: (onEntry: (entry: PeerEntry) => void) => void
  readonly sparedFor: (entry: PeerEntry) => Spared | undefined
  /** Whether a peer that never connected was tagged too lately to be forgotten. */
  readonly isInGrace: (entry: PeerEntry) => boolean
  /** Whether it is a trim by force: only the trusted and the protected are spared then, in a first pass. */
  readonly forced: boolean
}

/**
 * The one order of trims. In `compareWorth` the value comes first; of peers with the same value the more crowded go first: those
 * whose part of the net has the most connections, of better peers and of their own. So a trim leaves as many parts of the net as it can, and an
 * attacker who fills a node from one of them is trimmed before those who came alone.
 */
export function rankPeers ({ visit, sparedFor, isInGrace, forced }: RankInit): Ranking {
  const temporary: PeerEntry[] = []
  const temporaryInGrace: PeerEntry[] = []
  const candidates = new CandidateOrder(forced)
  const spared: RankedPeer[] = []
  let numConns = 0
  let numExpendable = 0
  let numOutbound = 0
  visit(entry => {
    if (entry.isTemporary) {
      if (isInGrace(entry)) temporaryInGrace.push(entry)
      else temporary.push(entry)
      return
    }
    const { numOpen } = entry
    if (numOpen === 0) return // ended by itself: the network tells it soon
    numConns += numOpen
    const why = sparedFor(entry)
    if (why !== undefined) {
      spared.push(new RankedPeer(entry, forced, why))
      return
    }
    candidates.add(entry, numOpen)
    numExpendable += numOpen
    if (!entry.isInbound) numOutbound++
  })
  spared.sort(compareWorth)
  const kept = new Crowds()
  for (const ranked of spared.toReversed()) {
    candidates.keepBefore(ranked)
    ranked.crowding = kept.count(ranked.group, ranked.numConns) - 1
  }
  return { temporary, temporaryInGrace, candidates, spared, numConns, numExpendable, numOutbound }
}
