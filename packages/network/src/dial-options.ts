import type { DialPriority } from './dial-priority.ts'

/**
 * How a peer is dialled. What Go hides in a context stands here by name; a string is the reason, for the logs.
 *
 * @see seed 004, "Functions"
 */
export interface DialPeerOptions {
  /**
   * Gives up waiting: for this caller alone, others who wait for the same dial go on. He gets the signal's reason; where that is
   * a `TimeoutError`, as of `AbortSignal.timeout`, he gets it as the cause of an error that lists every address.
   */
  readonly signal?: AbortSignal | undefined
  /** Of this call. @defaultValue `DIAL_PEER_TIMEOUT_MS` */
  readonly dialPeerTimeoutMs?: number | undefined
  /** Dials directly even though there is a connection through a relay. */
  readonly forceDirectDial?: string | undefined
  /** Where dials wait for a free slot. The highest of all callers of one dial counts. @defaultValue `user` */
  readonly priority?: DialPriority | undefined
  /** Dials for hole punching: both sides at once, one as the client. */
  readonly simultaneousConnect?: { readonly isClient: boolean, readonly reason: string } | undefined
}

/** How a stream is opened. @see seed 004, "Functions" */
export interface NewStreamOptions extends DialPeerOptions {
  /** Uses the connections there are and dials none. */
  readonly noDial?: string | undefined
  /** Accepts a connection that is limited in bytes or time. */
  readonly allowLimitedConn?: string | undefined
}
