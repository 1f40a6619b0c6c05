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
      const known = this.#counts.has(rule) || this.#counts.size < MAX_COUNTED_RULES
      const key = known ? rule : 'other'
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    }
    return verdict
  }

  /** Plain data. */
  stat (): Record<string, number> {
    return Object.fromEntries(this.#counts)
  }
}
