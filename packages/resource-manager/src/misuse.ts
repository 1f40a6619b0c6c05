import { type ScopeId, scopeName } from '@weir/network'

/** A mistake of whoever uses the scopes. Nothing breaks by it, but somebody counts wrongly. */
export type Misuse =
  | { readonly kind: 'over-release', readonly scope: ScopeId, readonly bytes: number, readonly heldBytes: number }
  | { readonly kind: 'not-ended', readonly scope: ScopeId, readonly label: string | undefined }

export type MisuseListener = (misuse: Misuse) => void

/** How often each kind of mistake was found since the manager was made. */
export interface MisuseCounts {
  /** Releases of more memory than the scope held. Only what it held was given back. */
  readonly overReleases: number
  /** Scopes that were garbage-collected before they were ended; found with `leakDetection: 'warn'` only. */
  readonly notEnded: number
}

/** One sentence for people. */
export function misuseText (misuse: Misuse): string {
  const scope = scopeName(misuse.scope)
  if (misuse.kind === 'over-release') return `${misuse.bytes} bytes were released in the scope of ${scope}, which held ${misuse.heldBytes}`
  return `the scope of ${scope}${misuse.label === undefined ? '' : `, opened by ${misuse.label},`} was never ended: what it holds stays charged`
}

// Reports wait for the end of the turn; of a flood of them the rest is counted only.
const MAX_PENDING = 64

/** Counts mistakes and reports them, never in the middle of a change: the listener may do what it likes. */
export class MisuseReports {
  readonly #listener: MisuseListener
  #pending: Misuse[] = []
  #overReleases = 0
  #notEnded = 0

  constructor (listener: MisuseListener) {
    this.#listener = listener
  }

  counts (): MisuseCounts {
    return { overReleases: this.#overReleases, notEnded: this.#notEnded }
  }

  overRelease (scope: ScopeId, bytes: number, heldBytes: number): void {
    this.#overReleases++
    this.#report({ kind: 'over-release', scope, bytes, heldBytes })
  }

  notEnded (scope: ScopeId, label: string | undefined): void {
    this.#notEnded++
    this.#report({ kind: 'not-ended', scope, label })
  }

  #report (misuse: Misuse): void {
    if (this.#pending.length >= MAX_PENDING) return
    this.#pending.push(misuse)
    if (this.#pending.length === 1) queueMicrotask(() => { this.#deliver() })
  }

  #deliver (): void {
    const pending = this.#pending
    this.#pending = []
    for (const misuse of pending) {
      try {
        this.#listener(misuse)
      } catch {} // a listener that fails must not take the node down, and there is nobody to tell
    }
  }
}

/** Warns of the first mistake of each kind; the others are in the counts of `snapshot()`. */
export function warnOnce (): MisuseListener {
  const warned = new Set<Misuse['kind']>()
  return misuse => {
    if (warned.has(misuse.kind)) return
    warned.add(misuse.kind)
    process.emitWarning(`${misuseText(misuse)} (further ones are counted only)`, { type: 'ResourceMisuseWarning', code: 'WEIR_RESOURCE_MISUSE' })
  }
}
