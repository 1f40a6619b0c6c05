import { interceptedResourceManager, type ScopeCall } from '@weir/compliance'
import type { ResourceManager } from '@weir/network'

/** One call of a manager or of one of its scopes, as plain data. Scopes with an end are numbered as they are opened. */
export interface Step {
  readonly method: string
  readonly args: readonly string[]
  /** The scope that is called; `undefined` of the manager, and of scopes that are lent. */
  readonly target: number | undefined
  /** Of a call of the scope that a connection's `setPeer` has given: that peer. */
  readonly peer: string | undefined
  /** The scope that it opens. */
  readonly opens: number | undefined
}

/** Writes down every call on its way to `inner`. Slows it down: not where time is measured. */
export class ScriptRecorder {
  readonly manager: ResourceManager
  #steps: Step[] = []
  readonly #numbers = new WeakMap<object, number>()
  #opened = 0

  constructor (inner: ResourceManager) {
    this.manager = interceptedResourceManager(inner, (call, proceed) => {
      const result = proceed()
      this.#add(call, call.kind === 'open' ? result as object : undefined)
      return result
    })
  }

  /** What was written down since the last time. */
  take (): Step[] {
    const steps = this.#steps
    this.#steps = []
    return steps
  }

  #add ({ line, method, target, lent }: ScopeCall, opened: object | undefined): void {
    const opens = opened && ++this.#opened
    if (opened !== undefined && opens !== undefined) this.#numbers.set(opened, opens)
    this.#steps.push({
      method,
      args: line.split(' ').slice(1),
      target: lent === undefined && target !== undefined ? this.#numbers.get(target) : undefined,
      peer: lent?.startsWith('peer ') === true ? lent.slice('peer '.length) : undefined,
      opens
    })
  }
}
