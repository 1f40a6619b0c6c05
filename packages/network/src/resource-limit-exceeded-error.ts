import type { Direction } from './direction.ts'
import { hasCode } from './has-code.ts'
import { type ScopeId, scopeName } from './scope-id.ts'

/** What a limit counts. `rate` is events in time, `pressure` the process's own memory or event loop. */
export type LimitedResource = 'memory' | 'stream' | 'connection' | 'fd' | 'rate' | 'pressure'

/** A refusal by a limit of this node, with the numbers. */
export interface LocalRefusal {
  readonly where: 'local'
  readonly scope: ScopeId
  readonly resource: LimitedResource
  /** Which of a resource's limits: `undefined` for the total, and for what has no direction. */
  readonly direction?: Direction | undefined
  /** In use before the attempt. */
  readonly current: number
  /** Asked for on top. */
  readonly attempted: number
  readonly limit: number
  /** Of a memory reservation: it sees `(1 + priority) / 256` of the limit. */
  readonly priority?: number | undefined
  /** Which limit to change, where the refuser knows better than the general sentence. */
  readonly hint?: string | undefined
}

/** A refusal by the other side, which says no more than that. */
export interface RemoteRefusal {
  readonly where: 'remote'
  /** The code on the wire, one of `StreamErrorCode` or `ConnErrorCode`. */
  readonly errorCode: number
}

export interface LocalResourceLimitExceededError extends Error, Required<Pick<LocalRefusal, 'hint'>>, Omit<LocalRefusal, 'hint'> {
  readonly name: 'ResourceLimitExceededError'
  readonly code: 'RESOURCE_LIMIT_EXCEEDED'
  readonly temporary: true
}

export interface RemoteResourceLimitExceededError extends Error, RemoteRefusal {
  readonly name: 'ResourceLimitExceededError'
  readonly code: 'RESOURCE_LIMIT_EXCEEDED'
  readonly temporary: true
}

/**
 * A limit refused. Narrow it by `where`: a `local` refusal carries all numbers, a `remote` one its wire code alone.
 *
 * @see seed 004, "ErrResourceLimitExceeded"
 */
export type ResourceLimitExceededError = LocalResourceLimitExceededError | RemoteResourceLimitExceededError

class Refused extends Error {
  override readonly name = 'ResourceLimitExceededError'
  readonly code = 'RESOURCE_LIMIT_EXCEEDED'
  readonly temporary = true
  readonly where: 'local' | 'remote'
  readonly scope: ScopeId | undefined
  readonly resource: LimitedResource | undefined
  readonly direction: Direction | undefined
  readonly current: number | undefined
  readonly attempted: number | undefined
  readonly limit: number | undefined
  readonly priority: number | undefined
  readonly errorCode: number | undefined
  readonly #hint: string | undefined

  constructor (refusal: LocalRefusal | RemoteRefusal, options?: ErrorOptions) {
    // Refusing is the hot path of a node under attack: a stack trace costs more than all the rest, and the scope tells more.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(undefined, options)
    Error.stackTraceLimit = stackTraceLimit
    this.where = refusal.where
    if (refusal.where === 'remote') {
      this.errorCode = refusal.errorCode
      return
    }
    this.scope = refusal.scope
    this.resource = refusal.resource
    this.direction = refusal.direction
    this.current = refusal.current
    this.attempted = refusal.attempted
    this.limit = refusal.limit
    this.priority = refusal.priority
    this.#hint = refusal.hint
  }

  // Text is made when somebody reads it: most refusals are only counted.
  override get message (): string {
    if (this.where === 'remote' || this.scope === undefined) return 'the remote refused: its resource limit is exceeded'
    // What is in use is no count here, and what was asked for none of it.
    if (this.resource === 'pressure') return `the process is under pressure, at ${rounded(this.current)} where ${this.limit} is too much; ${this.hint}`
    const what = this.direction === undefined ? this.resource : `${this.direction} ${this.resource}`
    return `${what} limit of ${scopeName(this.scope)} exceeded: ${this.current} of ${this.limit} in use, ${this.attempted} more asked for${shareOf(this.priority)}; ${this.hint}`
  }

  get hint (): string | undefined {
    if (this.scope === undefined) return undefined
    return this.#hint ?? `raise the ${this.resource} limit of ${scopeName(this.scope)}, or use less`
  }
}

/** For people: why a limit refuses that is not reached yet. */
function shareOf (priority = 255): string {
  return priority >= 255 ? '' : ` at priority ${priority}, which may use ${Math.floor((1 + priority) / 2.56)} % of it`
}

function rounded (measured = Number.NaN): number {
  return Number(measured.toPrecision(3))
}

export const ResourceLimitExceededError: {
  new (refusal: LocalRefusal, options?: ErrorOptions): LocalResourceLimitExceededError
  new (refusal: RemoteRefusal, options?: ErrorOptions): RemoteResourceLimitExceededError
  is (error: unknown): error is ResourceLimitExceededError
} = Object.assign(Refused as never, {
  is: (error: unknown): error is ResourceLimitExceededError => hasCode(error, 'RESOURCE_LIMIT_EXCEEDED')
})
