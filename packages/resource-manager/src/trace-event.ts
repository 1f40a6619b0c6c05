import type { ScopeId, ScopeStat } from '@weir/network'

export type TraceEventType =
  | 'start'
  | 'create_scope'
  | 'destroy_scope'
  | 'reserve_memory'
  | 'block_reserve_memory'
  | 'release_memory'
  | 'add_stream'
  | 'block_add_stream'
  | 'remove_stream'
  | 'add_conn'
  | 'block_add_conn'
  | 'remove_conn'

/**
 * One change of one scope, or one refusal. Plain data, except that a `peer` in `scope` is what the manager was given.
 *
 * @see reference/go-libp2p.md 2.11
 */
export interface TraceEvent {
  readonly type: TraceEventType
  /** Wall clock. */
  readonly timeMs: number
  /** `undefined` of `start`. */
  readonly scope: ScopeId | undefined
  /** Of memory. */
  readonly priority?: number | undefined
  /** Of memory: bytes; of connections: file descriptors. What is taken away is negative. */
  readonly delta?: number | undefined
  /** Of streams and connections. */
  readonly deltaInbound?: number | undefined
  readonly deltaOutbound?: number | undefined
  /** What the scope has in use behind the change. */
  readonly stat?: ScopeStat | undefined
  /** Of refusals by a limit: that limit. */
  readonly limit?: number | undefined
}
