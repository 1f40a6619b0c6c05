import type { PeerRef } from '@weir/network'

/** What a peer has of a decaying tag. All times are on the monotonic clock. */
export interface DecayingValue {
  readonly tag: string
  readonly peer: PeerRef
  readonly addedMs: number
  /** When it was last bumped or decayed. */
  readonly lastVisitMs: number
  readonly lastBumpMs: number
  readonly value: number
}

/** What a value becomes in each interval: a whole number, or `undefined` to remove it. */
export type DecayFn = (value: DecayingValue, nowMs: number) => number | undefined

/** What a value, 0 when there was none, becomes by a bump. A whole number. */
export type BumpFn = (value: DecayingValue, delta: number) => number

export interface DecayingTagInit {
  /** Between two decays. Raised to the manager's resolution when it is less; one that is no multiple of it takes turns. */
  readonly intervalMs: number
  readonly decay: DecayFn
  readonly bump: BumpFn
}

/** A tag whose values change with time. @see reference/go-libp2p.md 1.6, "DecayingTag" */
export interface DecayingTag extends Disposable {
  readonly name: string
  /** In effect. */
  readonly intervalMs: number
  /**
   * Changes what the peer has of the tag, at once. A peer that nobody knows becomes a temporary entry.
   *
   * @throws {DecayingTagClosedError} after `close`
   * @throws whatever the bump function throws, or {RangeError} when it gives no whole number: nothing is changed then
   */
  bump (peer: PeerRef, delta: number): void
  /** Takes it from the peer, if it has any. @throws {DecayingTagClosedError} after `close` */
  remove (peer: PeerRef): void
  /** Takes it from all peers, and frees its name. Closing twice is harmless. */
  close (): void
}

/** Who keeps decaying tags. @see reference/go-libp2p.md 1.6, "Decayer" */
export interface Decayer {
  /**
   * @throws {DecayingTagExistsError} when there is one of this name
   * @throws {TooManyDecayingTagsError}
   * @throws {TypeError} for a name that is no `module:tag`, {RangeError} for an interval that is no positive number
   */
  registerDecayingTag (name: string, init: DecayingTagInit): DecayingTag
}
