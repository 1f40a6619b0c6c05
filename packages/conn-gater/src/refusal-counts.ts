import type { Verdict } from '@weir/network'
import { ALLOW, isDenial } from '@weir/network'
import { MAX_COUNTED_RULES } from './defaults.ts'

/** How often each rule denied. */
export class RefusalCounts {
  readonly #counts = new Map<string, number>()

  /** @returns the verdict, as it is */
  note (verdict: Verdict): Verdict {
    if (verdict !== ALLOW) {
      const rule = isDenial(verdict) ? verdict.rule : 'gater-mistake'
      const count = this.#counts.get(rule)
      if (count !== undefined) this.#counts.set(rule, count + 1)
      else this.#noteNew(rule)
    }
    return verdict
  }

  #noteNew (rule: string): void {
    const key = this.#counts.size < MAX_COUNTED_RULES ? rule : 'other'
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** Plain data. */
  stat (): Record<string, number> {
    return Object.fromEntries(this.#counts)
  }
}
