import type { PeerEntry } from './peer-entry.ts'

/** Why a peer is not trimmed, whatever it is worth. */
export type Spared = 'trusted' | 'protected' | 'grace' | 'outbound'

// Each larger than all that is below it together.
const OUTBOUND = 2 ** 40
const USED = 2 ** 42

/** A connected peer with all that decides about it, as of now. */
export class RankedPeer {
  readonly entry: PeerEntry
  /** Open ones; 0 when all have ended by themselves. */
  readonly numConns: number
  readonly value: number
  readonly seenAtMs: number
  /** Whether any of its connections came in. */
  readonly inbound: boolean
  /** The part of the net that its oldest connection leads to. */
  readonly group: string
  /** Connections of its group that a trim keeps before it, and its own but one: 0 for the best of each group. */
  crowding = 0
  /** Why it is not trimmed; a plan may find that out. */
  spared: Spared | undefined
  readonly #forced: boolean
  #numStreams = -1 // not counted yet

  /** @param forced - whether more streams go first */
  constructor (entry: PeerEntry, forced: boolean, spared?: Spared) {
    this.entry = entry
    this.numConns = entry.numOpen
    this.value = entry.value
    this.seenAtMs = entry.seenAtMs
    this.group = entry.group
    this.inbound = entry.isInbound
    this.spared = spared
    this.#forced = forced
  }

  /** Counted when somebody asks: in most trims the value decides over most peers. */
  get numStreams (): number {
    if (this.#numStreams < 0) this.#numStreams = this.entry.openConns().reduce((sum, { conn }) => sum + conn.stat().numStreams, 0)
    return this.#numStreams
  }

  /** What is compared where values are equal, as one number: idle, inbound, streams. The lower goes first. */
  get use (): number {
    const { numStreams } = this
    return (numStreams === 0 ? 0 : USED) + (this.inbound ? 0 : OUTBOUND) + (this.#forced ? -numStreams : numStreams)
  }
}

/**
 * The order of trims but for crowding: first goes what has the lower value, then of two of which one has no streams that one,
 * then what came in, then what has fewer streams, or more of them in a forced trim, and then the younger.
 *
 * @see reference/go-libp2p.md 3.2, "Sort order"; the age is ours
 */
export function compareWorth (a: RankedPeer, b: RankedPeer): number {
  return a.value - b.value || a.use - b.use || b.seenAtMs - a.seenAtMs
}
