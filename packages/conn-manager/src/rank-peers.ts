import { compareWorth, RankedPeer, type Spared } from './ranked-peer.ts'
import type { PeerEntry } from './peer-entry.ts'

/** All peers, in the order in which a trim takes them. */
export interface Ranking {
  /** Peers that never connected and are out of grace: their tags go first. */
  readonly temporary: readonly PeerEntry[]
  /** Peers that never connected and were tagged not long ago. */
  readonly temporaryInGrace: readonly PeerEntry[]
  /** What may be closed, first to last. */
  readonly candidates: RankedPeer[]
  /** What is spared, in the same order. */
  readonly spared: RankedPeer[]
  /** Open connections of all. */
  readonly numConns: number
  /** Open connections of candidates. */
  readonly numExpendable: number
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
  const candidates: RankedPeer[] = []
  const spared: RankedPeer[] = []
  let numConns = 0
  let numExpendable = 0
  visit(entry => {
    if (entry.isTemporary) {
      if (isInGrace(entry)) temporaryInGrace.push(entry)
      else temporary.push(entry)
      return
    }
    const ranked = new RankedPeer(entry, forced)
    if (ranked.numConns === 0) return // ended by itself: the network tells it soon
    numConns += ranked.numConns
    ranked.spared = sparedFor(entry)
    if (ranked.spared !== undefined) {
      spared.push(ranked)
      return
    }
    candidates.push(ranked)
    numExpendable += ranked.numConns
  })
  candidates.sort(compareWorth)
  spared.sort(compareWorth)
  countCrowding(candidates, spared)
  candidates.sort((a, b) => a.value - b.value || b.crowding - a.crowding) // stable: the rest of the order stays
  return { temporary, temporaryInGrace, candidates, spared, numConns, numExpendable }
}

// From the best to the worst: each finds those there that are kept before it.
function countCrowding (candidates: readonly RankedPeer[], spared: readonly RankedPeer[]): void {
  const found = new Map<string, number>()
  for (const list of [spared, candidates]) {
    for (let i = list.length - 1; i >= 0; i--) {
      const ranked = list[i] as RankedPeer
      const withIt = (found.get(ranked.group) ?? 0) + ranked.numConns
      ranked.crowding = withIt - 1
      found.set(ranked.group, withIt)
    }
  }
}
