/**
 * - `manual`: an operator's word. It is kept in the datastore and never gives way to anything.
 * - `automatic`: a policy's. It lives in memory, and the one that ends soonest gives way when there are too many.
 */
export type EntryKind = 'manual' | 'automatic'

/** Why something is blocked or trusted, and until when. */
export interface Entry {
  readonly kind: EntryKind
  /** For people; may be empty. */
  readonly reason: string
  /** Wall clock; `Infinity`: until it is taken back. From that moment on the entry is over. */
  readonly untilMs: number
}

/** An entry with what it is about, as plain data. */
export interface ListedEntry extends Entry {
  /** The text of the peer, the address, or the subnet. */
  readonly key: string
}

export function isOver ({ untilMs }: Entry, nowMs: () => number): boolean {
  return untilMs !== Infinity && nowMs() >= untilMs // most have no end: the time is not asked for
}
