import type { ConnEntry, PeerEntry } from './peer-entry.ts'

/** Why a peer is not trimmed, whatever it is worth. */
export type Spared = 'trusted' | 'protected' | 'grace' | 'outbound'

/** A connected peer with all that decides about it, as of now. */
export class RankedPeer {
  readonly entry: PeerEntry
  readonly conns: readonly ConnEntry[]
  readonly value: number
  readonly numStreams: number
  /** Whether any of its connections came in. */
  readonly inbound: boolean
  /** The part of the net that its oldest connection leads to. */
  readonly group: string
  /** Connections of its group that a trim keeps before it, and its own but one: 0 for the best of each group. */
  crowding = 0
  spared: Spared | undefined

  constructor (entry: PeerEntry, conns: readonly ConnEntry[]) {
    this.entry = entry
    this.conns = conns
    this.value = entry.value
    this.group = conns[0]?.group ?? ''
    let numStreams = 0
    let inbound = false
    for (const conn of conns) {
      numStreams += conn.conn.stat().numStreams
      inbound ||= conn.inbound
    }
    this.numStreams = numStreams
    this.inbound = inbound
  }
}

/**
 * The order of trims but for crowding: first goes what has the lower value, then of two of which one has no streams that one,
 * then what came in, then what has fewer streams, or more of them in a forced trim, and then the younger.
 *
 * @see reference/go-libp2p.md 3.2, "Sort order"; the age is ours
 */
export function compareWorth (a: RankedPeer, b: RankedPeer, forced: boolean): number {
  if (a.value !== b.value) return a.value - b.value
  if ((a.numStreams === 0) !== (b.numStreams === 0)) return a.numStreams === 0 ? -1 : 1
  if (a.inbound !== b.inbound) return a.inbound ? -1 : 1
  if (a.numStreams !== b.numStreams) return (a.numStreams - b.numStreams) * (forced ? -1 : 1)
  return b.entry.seenAtMs - a.entry.seenAtMs
}
