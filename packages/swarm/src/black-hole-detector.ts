import type { Multiaddr } from '@multiformats/multiaddr'
import { AddrKind } from './addr-kind.ts'
import { type BlackHoleState, BlackHoleSuccessCounter } from './black-hole-success-counter.ts'

export interface BlackHoleDetectorInit {
  /** The results over UDP; `undefined` does not look at UDP. @defaultValue a new one with its defaults */
  readonly udp?: BlackHoleSuccessCounter | undefined
  /** The same over IPv6. */
  readonly ipv6?: BlackHoleSuccessCounter | undefined
  /** Only looks at the counters, which somebody else keeps: whatever is not known to work is blocked. @defaultValue false */
  readonly readOnly?: boolean | undefined
}

/** Which addresses may be dialled, and which would lead nowhere. */
export interface BlackHoleFilter {
  readonly valid: Multiaddr[]
  readonly blackHoled: Multiaddr[]
}

/**
 * Finds out that UDP or IPv6 leads nowhere from here, as in many a home network, and spares the dials. Looks at public addresses
 * only: what is near may work all the same.
 *
 * @see reference/go-libp2p.md 5.4
 */
export class BlackHoleDetector {
  readonly #udp: BlackHoleSuccessCounter | undefined
  readonly #ipv6: BlackHoleSuccessCounter | undefined
  readonly #readOnly: boolean

  constructor (init: BlackHoleDetectorInit = {}) {
    this.#udp = 'udp' in init ? init.udp : new BlackHoleSuccessCounter()
    this.#ipv6 = 'ipv6' in init ? init.ipv6 : new BlackHoleSuccessCounter()
    this.#readOnly = init.readOnly ?? false
  }

  /** Asks for the addresses of one peer. */
  filter (addrs: readonly Multiaddr[]): BlackHoleFilter {
    const kinds = addrs.map(addr => ({ addr, kind: new AddrKind(addr) }))
    const udp = kinds.some(({ kind }) => isPublicUdp(kind)) ? this.#ask(this.#udp) : 'allowed'
    const ipv6 = kinds.some(({ kind }) => isPublicIPv6(kind)) ? this.#ask(this.#ipv6) : 'allowed'
    const filtered: BlackHoleFilter = { valid: [], blackHoled: [] }
    for (const { addr, kind } of kinds) {
      const states = [...isPublicUdp(kind) ? [udp] : [], ...isPublicIPv6(kind) ? [ipv6] : []]
      // A kind that is probed lets the address through whatever is known of the other.
      const blocked = states.includes('blocked') && !states.includes('probing')
      filtered[blocked ? 'blackHoled' : 'valid'].push(addr)
    }
    return filtered
  }

  /** One that was cancelled counts as a failure: it was slower than another. */
  record (addr: Multiaddr, success: boolean): void {
    if (this.#readOnly) return
    const kind = new AddrKind(addr)
    if (isPublicUdp(kind)) this.#udp?.record(success)
    if (isPublicIPv6(kind)) this.#ipv6?.record(success)
  }

  #ask (counter: BlackHoleSuccessCounter | undefined): BlackHoleState {
    if (counter === undefined) return 'allowed'
    if (this.#readOnly) return counter.state === 'allowed' ? 'allowed' : 'blocked'
    return counter.handleRequest()
  }
}

function isPublicUdp (kind: AddrKind): boolean {
  return kind.isUdp && kind.isPublic
}

function isPublicIPv6 (kind: AddrKind): boolean {
  return kind.ipVersion === 6 && kind.isPublic
}
