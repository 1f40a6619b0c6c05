import { hasCode, type PeerRef } from '@weir/network'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type AddrFailure, reasonOf } from './addr-failure.ts'
import { MAX_DIAL_FAILURES } from './defaults.ts'

/**
 * No connection came of a dial. Lists every address with its cause, and never hides them behind a timeout: that is the
 * `cause` of the whole then, beside them.
 *
 * @see reference/go-libp2p.md 5.1, "DialError"
 */
export class DialError extends Error {
  override readonly name = 'DialError'
  readonly code = 'DIAL_FAILED'
  readonly peer: PeerRef
  readonly failures: readonly AddrFailure[]
  /** Failures that are not listed because there were too many. */
  readonly skipped: number

  /** @param failures - of which the first `MAX_DIAL_FAILURES` are kept, and the rest is added to `skipped` */
  constructor (peer: PeerRef, failures: readonly AddrFailure[], { skipped = 0, cause }: { skipped?: number, cause?: unknown } = {}) {
    const kept = failures.slice(0, MAX_DIAL_FAILURES)
    const more = skipped + failures.length - kept.length
    const lines = kept.map(({ addr, cause }) => `\n  ${addr}: ${reasonOf(cause).replaceAll('\n', '\n  ')}`)
    if (more > 0) lines.push(`\n  and ${more} more`)
    const why = cause === undefined ? '' : ` (${reasonOf(cause)})`
    super(`failed to dial ${peer}${why}${lines.length === 0 ? '' : `:${lines.join('')}`}`, cause === undefined ? undefined : { cause })
    this.peer = peer
    this.failures = kept
    this.skipped = more
  }

  static is (error: unknown): error is DialError {
    return hasCode(error, 'DIAL_FAILED')
  }
}

/** Addresses are known, but none is worth a dial: the cause of a `DialError` that says for each why. @see reference/go-libp2p.md 5.1, "ErrNoGoodAddresses" */
export class NoGoodAddrsError extends Error {
  override readonly name = 'NoGoodAddrsError'
  readonly code = 'NO_GOOD_ADDRS'

  constructor (options?: ErrorOptions) {
    super('no good addresses', options)
  }

  static is (error: unknown): error is NoGoodAddrsError {
    return hasCode(error, 'NO_GOOD_ADDRS')
  }
}

/** Why an address is not worth a dial. */
const FILTERS = {
  unspecified: 'it names no host: an unspecified address is for listening',
  linkLocal: 'a link-local address means nothing without its interface',
  duplicate: 'a better transport is dialled at the same host and port',
  relayed: 'it goes through a relay, and a direct connection was asked for'
} as const

/** An address was left out of a dial. */
export class AddrFilteredError extends Error {
  override readonly name = 'AddrFilteredError'
  readonly code = 'ADDR_FILTERED'
  readonly reason: keyof typeof FILTERS

  constructor (reason: keyof typeof FILTERS, options?: ErrorOptions) {
    super(FILTERS[reason], options)
    this.reason = reason
  }

  static is (error: unknown): error is AddrFilteredError {
    return hasCode(error, 'ADDR_FILTERED')
  }
}

/** The dial ended before the address had its turn. */
export class AddrNotTriedError extends Error {
  override readonly name = 'AddrNotTriedError'
  readonly code = 'ADDR_NOT_TRIED'
  /** What it waited for: its time in the order of the ranker, or room among the dials under way. */
  readonly waitedFor: 'turn' | 'slot'

  constructor (waitedFor: 'turn' | 'slot', options?: ErrorOptions) {
    super(waitedFor === 'turn' ? 'not tried yet: others go first' : 'not tried yet: too many dials are under way', options)
    this.waitedFor = waitedFor
  }

  static is (error: unknown): error is AddrNotTriedError {
    return hasCode(error, 'ADDR_NOT_TRIED')
  }
}

/** The address failed lately and is left alone for a while. @see reference/go-libp2p.md 5.1, "ErrDialBackoff" */
export class DialBackoffError extends Error {
  override readonly name = 'DialBackoffError'
  readonly code = 'DIAL_BACKOFF'
  /** True for everything that may go well when it is tried again. */
  readonly temporary = true
  /** Wall clock, when it may be tried again. */
  readonly untilMs: number

  constructor (untilMs: number, options?: ErrorOptions) {
    super(`it failed lately: dial backoff until ${new Date(untilMs).toISOString()}, or use forceDirectDial`, options)
    this.untilMs = untilMs
  }

  static is (error: unknown): error is DialBackoffError {
    return hasCode(error, 'DIAL_BACKOFF')
  }
}

/** Addresses of this kind have led nowhere from here. @see reference/go-libp2p.md 5.1, "ErrDialRefusedBlackHole" */
export class DialRefusedBlackHoleError extends Error {
  override readonly name = 'DialRefusedBlackHoleError'
  readonly code = 'DIAL_BLACK_HOLE'
  /** True for everything that may go well when it is tried again. */
  readonly temporary = true

  constructor (options?: ErrorOptions) {
    super('dial refused because of a black hole: too few of the last dials of this kind succeeded', options)
  }

  static is (error: unknown): error is DialRefusedBlackHoleError {
    return hasCode(error, 'DIAL_BLACK_HOLE')
  }
}

/** Too many peers are dialled already, none of which this one may push out. */
export class DialQueueFullError extends Error {
  override readonly name = 'DialQueueFullError'
  readonly code = 'DIAL_QUEUE_FULL'
  /** True for everything that may go well when it is tried again. */
  readonly temporary = true
  readonly limit: number

  constructor (limit: number, options?: ErrorOptions) {
    super(`${limit} peers are dialled already: try later, or raise maxDials`, options)
    this.limit = limit
  }

  static is (error: unknown): error is DialQueueFullError {
    return hasCode(error, 'DIAL_QUEUE_FULL')
  }
}

/** A name in an address could not be resolved. */
export class AddrResolveError extends Error {
  override readonly name = 'AddrResolveError'
  readonly code = 'ADDR_NOT_RESOLVED'
  readonly addr: Multiaddr

  constructor (addr: Multiaddr, options?: ErrorOptions) {
    super(options?.cause === undefined ? 'its name resolves to no address' : `its name could not be resolved: ${reasonOf(options.cause)}`, options)
    this.addr = addr
  }

  static is (error: unknown): error is AddrResolveError {
    return hasCode(error, 'ADDR_NOT_RESOLVED')
  }
}
