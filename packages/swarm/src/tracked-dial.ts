import type { Multiaddr } from '@multiformats/multiaddr'
import type { DialTicket } from './dial-limiter.ts'
import type { SwarmConn } from './swarm-conn.ts'

/** One address of a peer within a dial, from the moment in which somebody asked for it. */
export interface TrackedDial {
  readonly addr: Multiaddr
  readonly key: string
  /** `parked`: our own limit refused it while other dials of the peer held what it needs. */
  state: 'queued' | 'waiting' | 'dialling' | 'parked' | 'failed' | 'connected'
  /** Wall clock, since when it is in this state. */
  sinceMs: number
  /** Of the one who asked for it, as long as it is not under way. */
  ignoresBackoff: boolean
  isClient: boolean
  ticket: DialTicket | undefined
  readonly abort: AbortController
  /** The scope is open. */
  charged: boolean
  /** Monotonic: until then a socket that is open is given time to become a connection before others are tried. */
  upgradeUntilMs: number
  cause: unknown
  conn: SwarmConn | undefined
}

export function trackedDial (addr: Multiaddr, { isClient, ignoresBackoff, nowMs }: { readonly isClient: boolean, readonly ignoresBackoff: boolean, readonly nowMs: number }): TrackedDial {
  return {
    addr,
    key: addr.toString(),
    state: 'queued',
    sinceMs: nowMs,
    ignoresBackoff,
    isClient,
    ticket: undefined,
    abort: new AbortController(),
    charged: false,
    upgradeUntilMs: 0,
    cause: undefined,
    conn: undefined
  }
}
