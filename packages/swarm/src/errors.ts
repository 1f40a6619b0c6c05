import { hasCode, type Denial, type PeerRef } from '@weir/network'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type AddrFailure, reasonOf } from './addr-failure.ts'

/** Using a swarm that was closed. @see reference/go-libp2p.md 5.1, "ErrSwarmClosed" */
export class SwarmClosedError extends Error {
  override readonly name = 'SwarmClosedError'
  readonly code = 'SWARM_CLOSED'

  constructor (options?: ErrorOptions) {
    super('the swarm is closed', options)
  }

  static is (error: unknown): error is SwarmClosedError {
    return hasCode(error, 'SWARM_CLOSED')
  }
}

/** Dialling oneself. */
export class DialToSelfError extends Error {
  override readonly name = 'DialToSelfError'
  readonly code = 'DIAL_TO_SELF'

  constructor (options?: ErrorOptions) {
    super('dial to self attempted', options)
  }

  static is (error: unknown): error is DialToSelfError {
    return hasCode(error, 'DIAL_TO_SELF')
  }
}

/** The peer at the other end is not the one that was asked for. */
export class UnexpectedPeerError extends Error {
  override readonly name = 'UnexpectedPeerError'
  readonly code = 'UNEXPECTED_PEER'
  readonly expected: PeerRef
  readonly actual: PeerRef

  constructor (expected: PeerRef, actual: PeerRef, options?: ErrorOptions) {
    super(`expected peer ${expected}, but ${actual} answered`, options)
    this.expected = expected
    this.actual = actual
  }

  static is (error: unknown): error is UnexpectedPeerError {
    return hasCode(error, 'UNEXPECTED_PEER')
  }
}

/** The connection gater denied. Names the rule. @see reference/go-libp2p.md 5.1, "ErrGaterDisallowedConnection" */
export class ConnGatedError extends Error {
  override readonly name = 'ConnGatedError'
  readonly code = 'CONN_GATED'
  /** The hook that was asked, such as `interceptAccept`. */
  readonly hook: string
  readonly denial: Denial

  constructor (hook: string, denial: Denial, options?: ErrorOptions) {
    super(`connection gater denied in ${hook} by the rule ${denial.rule}: ${denial.message}`, options)
    this.hook = hook
    this.denial = denial
  }

  static is (error: unknown): error is ConnGatedError {
    return hasCode(error, 'CONN_GATED')
  }
}

/** No transport can dial, or listen on, the address. */
export class NoTransportError extends Error {
  override readonly name = 'NoTransportError'
  readonly code = 'NO_TRANSPORT'
  readonly addr: Multiaddr

  constructor (addr: Multiaddr, options?: ErrorOptions) {
    super(`no transport for ${addr}`, options)
    this.addr = addr
  }

  static is (error: unknown): error is NoTransportError {
    return hasCode(error, 'NO_TRANSPORT')
  }
}

/** A step between socket and connection failed. */
export class UpgradeError extends Error {
  override readonly name = 'UpgradeError'
  readonly code = 'UPGRADE_FAILED'
  readonly step: 'protector' | 'security' | 'muxer'

  constructor (step: 'protector' | 'security' | 'muxer', options: { cause: unknown }) {
    super(`failed to negotiate ${step}: ${reasonOf(options.cause)}`, options)
    this.step = step
  }

  static is (error: unknown): error is UpgradeError {
    return hasCode(error, 'UPGRADE_FAILED')
  }
}

/** Something took longer than it may. */
export class SwarmTimeoutError extends Error {
  override readonly name = 'SwarmTimeoutError'
  readonly code = 'SWARM_TIMEOUT'
  /** True for everything that may go well when it is tried again. */
  readonly temporary = true
  readonly what: string
  readonly afterMs: number

  constructor (what: string, afterMs: number, options?: ErrorOptions) {
    super(`${what} timed out after ${afterMs} ms`, options)
    this.what = what
    this.afterMs = afterMs
  }

  static is (error: unknown): error is SwarmTimeoutError {
    return hasCode(error, 'SWARM_TIMEOUT')
  }
}

/** None of the addresses could be listened on. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code = 'LISTEN_FAILED'
  readonly failures: readonly AddrFailure[]

  constructor (failures: readonly AddrFailure[]) {
    super(`failed to listen on any address: ${failures.map(({ addr, cause }) => `${addr}: ${reasonOf(cause)}`).join('; ')}`, { cause: failures[0]?.cause })
    this.failures = failures
  }

  static is (error: unknown): error is ListenError {
    return hasCode(error, 'LISTEN_FAILED')
  }
}
