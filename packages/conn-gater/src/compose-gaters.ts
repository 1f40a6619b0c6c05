import { ALLOW, type ConnectionGater, type Verdict } from '@weir/network'
import { type ClosedConn, type ConnHolder, closeDenied } from './close-denied.ts'
import { RefusalCounts } from './refusal-counts.ts'

/** Several gaters as one. */
export interface ComposedGater extends ConnectionGater {
  /** Closes the live connections that one of them denies now. @see closeDenied */
  enforce (network: ConnHolder): Promise<ClosedConn[]>
  /** How often each rule denied, as plain data. */
  stat (): { readonly refusals: Readonly<Record<string, number>> }
}

/**
 * Asks each gater in turn, and gives the first answer that is not `ALLOW`, as it is: a denial names its rule, and what is no verdict
 * denies too. The gaters behind it are not asked. Without gaters everything passes. What a gater throws comes through.
 *
 * Trust in one does not reach the others by itself: hand the gater that knows it to them, as their `trust`.
 */
export function composeGaters (...gaters: readonly ConnectionGater[]): ComposedGater {
  const refusals = new RefusalCounts()

  function first (ask: (gater: ConnectionGater) => Verdict): Verdict {
    for (const gater of gaters) {
      const verdict = ask(gater)
      if (verdict !== ALLOW) return refusals.note(verdict)
    }
    return ALLOW
  }

  const composed: ComposedGater = {
    interceptPeerDial: peer => first(gater => gater.interceptPeerDial(peer)),
    interceptAddrDial: (peer, addr) => first(gater => gater.interceptAddrDial(peer, addr)),
    interceptAccept: addrs => first(gater => gater.interceptAccept(addrs)),
    interceptSecured: (direction, peer, addrs) => first(gater => gater.interceptSecured(direction, peer, addrs)),
    interceptUpgraded: conn => first(gater => gater.interceptUpgraded(conn)),
    enforce: network => closeDenied(network, composed),
    stat: () => ({ refusals: refusals.stat() })
  }
  return Object.freeze(composed)
}
