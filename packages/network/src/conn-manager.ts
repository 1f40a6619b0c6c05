import type { ConnMultiaddrs } from './conn-multiaddrs.ts'
import type { Notifiee } from './network.ts'
import type { PeerRef } from './peer-ref.ts'
import type { ResourceLimitExceededError } from './resource-limit-exceeded-error.ts'

/** What a connection manager knows of a peer. A plain snapshot. */
export interface TagInfo {
  /** Wall clock, when the peer was first tagged or connected. */
  readonly firstSeenMs: number
  /** The sum of all tags. */
  readonly value: number
  readonly tags: ReadonlyMap<string, number>
  /** Connection id to the wall clock of its opening. */
  readonly conns: ReadonlyMap<string, number>
}

/** What a trim did, and why it did no more. */
export interface TrimReport {
  readonly closed: readonly { readonly peer: PeerRef, readonly connId: string, readonly reason: string }[]
  readonly spared: readonly { readonly peer: PeerRef, readonly reason: string }[]
  /** One sentence on the whole. */
  readonly reason: string
}

/** Somebody who knows how many connections may be open at all, such as a resource manager. */
export interface ConnLimiter {
  /** Of the system scope, both directions; `Infinity` for no limit. */
  readonly connLimit: number
}

/**
 * Keeps the number of connections between two marks by closing those that are worth least.
 *
 * Tags are namespaced: `module:tag`.
 *
 * @see reference/go-libp2p.md 1.6 and 3
 */
export interface ConnManager extends AsyncDisposable {
  /** Gives the peer a tag of this value, in place of the one it had. */
  tagPeer (peer: PeerRef, tag: string, value: number): void
  untagPeer (peer: PeerRef, tag: string): void
  /** Changes a tag by its old value, 0 when the peer had none. */
  upsertTag (peer: PeerRef, tag: string, upsert: (value: number) => number): void
  /** `undefined` when nothing is known of the peer. */
  tagInfo (peer: PeerRef): TagInfo | undefined
  /** Trims now, down to the low mark. */
  trimOpenConns (options?: { readonly signal?: AbortSignal | undefined }): Promise<TrimReport>
  /** How the manager learns of connections: register it with the network. */
  readonly notifiee: Notifiee
  /** Spares the peer from trims until every one of its protections is taken back. */
  protect (peer: PeerRef, tag: string): void
  /** @returns whether other protections remain */
  unprotect (peer: PeerRef, tag: string): boolean
  /** Whether the peer has this protection, or any when no tag is given. */
  isProtected (peer: PeerRef, tag?: string): boolean
  /** @throws when the marks of this manager contradict the limit: it would refuse before it trims */
  checkLimit (limiter: ConnLimiter): void
  /**
   * Asked once when an inbound connection was refused: ends an expendable inbound one in the same turn, if there is one.
   *
   * @param newcomer - where the refused one comes from, when that is known: nothing else is known of it yet
   * @returns whether admission is worth another try
   */
  makeRoom (refusal: ResourceLimitExceededError, newcomer?: ConnMultiaddrs): boolean
  /** Stops what runs in the background. Closes no connection. Closing twice is harmless. */
  close (): Promise<void>
}
