import type { ConnMultiaddrs } from './conn-multiaddrs.ts'
import type { ConnScoper } from './conn-scoper.ts'
import type { ConnSecurity } from './conn-security.ts'
import type { ConnStat } from './conn-stat.ts'
import type { NewStreamOptions } from './dial-options.ts'
import type { MuxedStream } from './muxed-stream.ts'
import type { ProtocolID } from './protocol-id.ts'
import type { Stats } from './stats.ts'
import type { StreamScope } from './stream-scope.ts'

// A connection and its streams name each other, so they stand in one file.

/**
 * A connection to a peer, which carries streams. The network owns it; users may close it.
 *
 * @see seed 004, "Conn"
 */
export interface Conn extends ConnSecurity, ConnMultiaddrs, ConnStat, ConnScoper, AsyncDisposable {
  /** Unique in this network and run; may repeat in the next. */
  readonly id: string

  /**
   * Opens a stream that has no protocol yet.
   *
   * @throws {LimitedConnError} on a limited connection without `allowLimitedConn`
   * @throws {ResourceLimitExceededError} when a limit refuses it
   * @throws {ConnClosedError} when the connection has ended
   */
  newStream (options?: NewStreamOptions): Promise<Stream>

  /** All open streams, both directions: a copy. */
  streams (): Stream[]

  /** Whether it has ended, here or by the remote. */
  isClosed (): boolean

  /**
   * Ends it and resets its streams, in this turn. Waits a bounded time for the remote to hear of it and for the handlers of its
   * streams to return, but not for the one that it is called from. Closing twice is harmless.
   */
  close (): Promise<void>

  /** As `close`, with a code that the remote gets to see, where the muxer can carry one. */
  closeWithError (errorCode: number): Promise<void>
}

/**
 * A stream of a connection, with its protocol and its scope. Whoever opened it, or whose handler got it, ends it.
 *
 * @see seed 004, "Stream"
 */
export interface Stream extends MuxedStream {
  /** Unique in this network and run; may repeat in the next. */
  readonly id: string
  /** `undefined` until it is set, once. */
  readonly protocol: ProtocolID | undefined
  readonly conn: Conn
  /** The user's view: it cannot end the scope. */
  readonly scope: StreamScope

  /**
   * Sets the protocol, and charges the stream to it.
   *
   * @throws {ResourceLimitExceededError} when the protocol has too much: reset the stream then
   * @throws {ScopeAttachedError} when it was set before
   */
  setProtocol (id: ProtocolID): void

  stat (): Stats
}
