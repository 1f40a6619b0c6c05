import type { PlanContradiction } from './plan-contradiction.ts'

/** What is wrong with a value of a configuration of limits. */
export type LimitConfigFault = 'syntax' | 'duplicate-key' | 'unknown-key' | 'misplaced-key' | 'wrong-type' | 'not-a-number' | 'negative' | 'fraction' | 'too-large'

/** A configuration of limits that cannot be meant as it stands. */
export class LimitConfigError extends Error {
  override readonly name = 'LimitConfigError'
  readonly code = 'LIMIT_CONFIG'
  /** Where, such as `System.Streams` or `Protocol["/ipfs/ping/1.0.0"].Memory`; empty for the whole. */
  readonly path: string
  readonly fault: LimitConfigFault

  constructor (path: string, fault: LimitConfigFault, why: string, options?: ErrorOptions) {
    super(`${path === '' ? 'the limits' : path}: ${why}`, options)
    this.path = path
    this.fault = fault
  }

  static is (error: unknown): error is LimitConfigError {
    return error instanceof Error && (error as { code?: unknown }).code === 'LIMIT_CONFIG'
  }
}

/** Limits and demands that cannot all hold: found when a plan is made, not when the first peer is refused. */
export class PlanContradictionError extends Error {
  override readonly name = 'PlanContradictionError'
  readonly code = 'PLAN_CONTRADICTION'
  /** All of them, not only the first. */
  readonly contradictions: readonly PlanContradiction[]

  constructor (contradictions: readonly PlanContradiction[], options?: ErrorOptions) {
    super(`the plan contradicts itself: ${contradictions.map(({ message }) => message).join('; ')}`, options)
    this.contradictions = contradictions
  }

  static is (error: unknown): error is PlanContradictionError {
    return error instanceof Error && (error as { code?: unknown }).code === 'PLAN_CONTRADICTION'
  }
}

/** An entry of an allowlist that names no address or network. */
export class AllowlistAddrError extends Error {
  override readonly name = 'AllowlistAddrError'
  readonly code = 'ALLOWLIST_ADDR'
  /** As it was given. */
  readonly addr: string

  constructor (addr: string, options?: ErrorOptions) {
    super(`an entry of the allowlist is an IP address or network, with or without a peer, such as /ip4/192.0.2.0/ipcidr/24/p2p/<peer>, got ${addr}`, options)
    this.addr = addr
  }

  static is (error: unknown): error is AllowlistAddrError {
    return error instanceof Error && (error as { code?: unknown }).code === 'ALLOWLIST_ADDR'
  }
}

/** A trace file that cannot be written at the start. One that fails later is tried again, and takes nothing down. */
export class TraceFileError extends Error {
  override readonly name = 'TraceFileError'
  readonly code = 'TRACE_FILE'
  readonly path: string

  constructor (path: string, options?: ErrorOptions) {
    super(`the trace file ${path} cannot be written`, options)
    this.path = path
  }

  static is (error: unknown): error is TraceFileError {
    return error instanceof Error && (error as { code?: unknown }).code === 'TRACE_FILE'
  }
}
