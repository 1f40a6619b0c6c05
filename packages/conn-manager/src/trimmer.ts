import type { Clock, TrimReport } from '@weir/network'
import { abortable } from './abortable.ts'
import type { ConnCloser } from './conn-closer.ts'
import { type TrimPlan, worthReason } from './plan-trim.ts'
import type { PeerTable } from './peer-table.ts'

export interface TrimmerInit {
  readonly clock: Clock
  readonly table: PeerTable
  readonly closer: ConnCloser
  readonly plan: (kind: TrimKind) => TrimPlan
}

export type TrimKind = 'ordinary' | 'forced'

/** Trims. Whoever asks while one is running gets that one's report: the manager's own trims go the same way. */
export class Trimmer {
  readonly #init: TrimmerInit
  #running: Promise<TrimReport> | undefined
  #lastTrimMs: number | undefined
  #lastTrimWallMs: number | undefined
  #numTrims = 0
  #numTrimmedConns = 0

  constructor (init: TrimmerInit) {
    this.#init = init
  }

  /** Monotonic clock, of the last trim, whoever asked for it and whether or not it found anything to close. */
  get lastTrimMs (): number | undefined {
    return this.#lastTrimMs
  }

  get lastTrimWallMs (): number | undefined {
    return this.#lastTrimWallMs
  }

  get numTrims (): number {
    return this.#numTrims
  }

  get numTrimmedConns (): number {
    return this.#numTrimmedConns
  }

  /** @throws the signal's reason; the trim goes on */
  async trim (signal?: AbortSignal): Promise<TrimReport> {
    signal?.throwIfAborted()
    this.#running ??= this.#run('ordinary').finally(() => { this.#running = undefined })
    return await abortable(this.#running, signal)
  }

  /** @throws the signal's reason; the trim goes on */
  async force (signal?: AbortSignal): Promise<TrimReport> {
    signal?.throwIfAborted()
    return await abortable(this.#run('forced'), signal)
  }

  // Decided and done in one turn: nothing changes in between. Only the wire takes longer.
  async #run (kind: TrimKind): Promise<TrimReport> {
    const { clock, table, closer, plan } = this.#init
    const { close, forget, spared, reason } = plan(kind)
    this.#lastTrimMs = clock.monotonicMs()
    this.#lastTrimWallMs = clock.wallMs()
    this.#numTrims++
    for (const entry of forget) table.forget(entry)
    const conns = close.flatMap(({ entry }) => entry.openConns())
    const closed = close.flatMap(ranked => {
      const why = worthReason(ranked)
      return ranked.entry.openConns().map(({ conn }) => ({ peer: ranked.entry.peer, connId: conn.id, reason: why }))
    })
    this.#numTrimmedConns += closed.length
    await closer.close(conns)
    return { closed, spared, reason }
  }
}
