import type { Clock } from '@weir/network'
import { checkTagName } from './check-tag.ts'
import type { Decayer, DecayingTag, DecayingTagInit } from './decayer.ts'
import { RegisteredTag } from './decaying-tag.ts'
import type { DecayLimits } from './defaults.ts'
import { DecayingTagExistsError, TooManyDecayingTagsError } from './errors.ts'
import type { PeerTable } from './peer-table.ts'

export interface DecayKeeperInit {
  readonly clock: Clock
  readonly table: PeerTable
  readonly decay: DecayLimits
  readonly maxDecayingTags: number
  readonly onError: (error: unknown) => void
}

/**
 * Keeps the decaying tags and lets them decay: every `resolutionMs` it looks which are due, and visits their values, so many in a
 * turn. A tag that is due again before its last pass has ended is passed once. No timer is set while there is no tag.
 */
export class DecayKeeper implements Decayer, Disposable {
  readonly #init: DecayKeeperInit
  readonly #tags = new Map<string, RegisteredTag>()
  /** Those with values to visit. */
  readonly #due = new Set<RegisteredTag>()
  #nextTickMs = 0
  #ticker: Disposable | undefined
  #worker: Disposable | undefined
  #isDisposed = false

  constructor (init: DecayKeeperInit) {
    this.#init = init
  }

  get numTags (): number {
    return this.#tags.size
  }

  registerDecayingTag (name: string, init: DecayingTagInit): DecayingTag {
    checkTagName(name)
    const { clock, decay: { resolutionMs }, maxDecayingTags } = this.#init
    if (!(init.intervalMs > 0 && init.intervalMs < Infinity)) throw new RangeError(`intervalMs of the decaying tag ${name} must be a positive number, got ${init.intervalMs}`)
    if (this.#tags.has(name)) throw new DecayingTagExistsError(name)
    if (this.#tags.size >= maxDecayingTags) throw new TooManyDecayingTagsError(name, maxDecayingTags)
    if (this.#ticker === undefined) {
      this.#nextTickMs = clock.monotonicMs() + resolutionMs
      this.#arm()
    }
    const intervalMs = Math.max(init.intervalMs, resolutionMs)
    const tag = new RegisteredTag(name, intervalMs, this.#nextTickMs - resolutionMs + intervalMs, init, { ...this.#init, onClosed: closed => { this.#onClosed(closed) } })
    this.#tags.set(name, tag)
    return tag
  }

  [Symbol.dispose] (): void {
    this.#isDisposed = true
    this.#ticker?.[Symbol.dispose]()
    this.#worker?.[Symbol.dispose]()
  }

  #arm (): void {
    if (this.#isDisposed) return
    const { clock } = this.#init
    this.#ticker = clock.setTimeout(() => { this.#tick() }, Math.max(0, this.#nextTickMs - clock.monotonicMs()))
  }

  #tick (): void {
    this.#ticker = undefined
    if (this.#tags.size === 0) return
    const { clock, decay: { resolutionMs } } = this.#init
    const nowMs = clock.monotonicMs()
    this.#nextTickMs = next(this.#nextTickMs, resolutionMs, nowMs)
    for (const tag of this.#tags.values()) {
      if (tag.nextTickMs > nowMs) continue
      tag.nextTickMs = next(tag.nextTickMs, tag.intervalMs, nowMs)
      if (this.#due.has(tag)) continue
      tag.beginPass()
      this.#due.add(tag)
    }
    this.#arm()
    this.#work()
  }

  #onClosed (tag: RegisteredTag): void {
    this.#tags.delete(tag.name)
    this.#due.add(tag)
    this.#work()
  }

  /** One turn's share of what is due. */
  #work (): void {
    if (this.#worker !== undefined) return
    const nowMs = this.#init.clock.monotonicMs()
    let left = this.#isDisposed ? Infinity : this.#init.decay.valuesPerTurn // without timers there is no other turn
    for (const tag of this.#due) {
      left = tag.visit(left, nowMs)
      if (left === 0) break
      this.#due.delete(tag)
    }
    if (this.#due.size === 0 || this.#isDisposed) return
    this.#worker = this.#init.clock.setTimeout(() => {
      this.#worker = undefined
      this.#work()
    }, 0)
  }
}

/** When something is due again. What was missed while the process slept is not made up for. */
function next (dueMs: number, stepMs: number, nowMs: number): number {
  return (dueMs + stepMs > nowMs ? dueMs : nowMs) + stepMs
}
