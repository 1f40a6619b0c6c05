import { type Clock, type LocalRefusal, type ScopeId, ZERO_SCOPE_STAT } from '@weir/network'
import type { Counter } from './counter.ts'
import type { TraceEvent } from './trace-event.ts'

/** Where trace events go. */
export interface TraceSink {
  /** Takes an event in the middle of a change: keeps it for later, or drops it when too many wait. */
  push (event: TraceEvent): void
  /** How many did not get through. */
  readonly dropped: number
  /** Hands on what waits, and takes nothing more. Never rejects. */
  close (): Promise<void>
}

/** Events before the time is put on them. */
type Change = Omit<TraceEvent, 'timeMs'>

/**
 * Makes events of what scopes do. Only there while somebody listens: without one, tracing costs one comparison.
 *
 * A refusal is an event of the scope that refuses, and of no other. Changes of nothing are none.
 */
export class Tracer {
  readonly #emit: (change: Change) => void

  constructor (sink: TraceSink, clock: Clock) {
    this.#emit = change => { sink.push({ ...change, timeMs: clock.wallMs() }) }
    this.#emit({ type: 'start', scope: undefined })
  }

  created (scope: ScopeId): void {
    this.#emit({ type: 'create_scope', scope })
  }

  destroyed (scope: ScopeId): void {
    this.#emit({ type: 'destroy_scope', scope })
  }

  /** Memory of a scope and of all above it. */
  memory (type: 'reserve_memory' | 'release_memory', counter: Counter, edges: readonly Counter[], delta: number, priority?: number): void {
    if (delta === 0) return
    for (const each of [counter, ...edges]) this.#emit({ type, scope: each.id, delta, priority, stat: each.stat() })
  }

  spanMemory (type: 'reserve_memory' | 'release_memory', scope: ScopeId, memoryBytes: number, delta: number, priority?: number): void {
    if (delta !== 0) this.#emit({ type, scope, delta, priority, stat: { ...ZERO_SCOPE_STAT, memoryBytes } })
  }

  /** All that `child` counts was added to a scope, or taken away from it. */
  moved (counter: Counter, child: Counter, sign: 1 | -1): void {
    const { memoryBytes, numStreamsInbound, numStreamsOutbound, numConnsInbound, numConnsOutbound, numFD } = child.stat()
    const scope = counter.id
    const stat = counter.stat()
    if (memoryBytes > 0) this.#emit({ type: sign > 0 ? 'reserve_memory' : 'release_memory', scope, delta: sign * memoryBytes, ...(sign > 0 ? { priority: 255 } : {}), stat })
    if (numStreamsInbound + numStreamsOutbound > 0) this.#emit({ type: sign > 0 ? 'add_stream' : 'remove_stream', scope, deltaInbound: sign * numStreamsInbound, deltaOutbound: sign * numStreamsOutbound, stat })
    if (numConnsInbound + numConnsOutbound > 0) this.#emit({ type: sign > 0 ? 'add_conn' : 'remove_conn', scope, deltaInbound: sign * numConnsInbound, deltaOutbound: sign * numConnsOutbound, delta: sign * numFD, stat })
  }

  refused ({ resource, scope, direction, attempted, limit, priority }: LocalRefusal): void {
    if (resource === 'memory' || (resource === 'pressure' && priority !== undefined)) this.#emit({ type: 'block_reserve_memory', scope, delta: attempted, priority, limit })
    else {
      const type = resource === 'stream' || (resource === 'rate' && scope.kind !== 'rate') ? 'block_add_stream' : 'block_add_conn'
      this.#emit({ type, scope, ...(resource === 'fd' ? { delta: attempted } : direction === 'inbound' ? { deltaInbound: attempted } : { deltaOutbound: attempted }), limit })
    }
  }
}
