import { type ConnectionGater, isDenial, nullConnectionGater, type Verdict } from '@weir/network'

/**
 * A double that writes down what a connection gater is asked, in order: `gater.peerDial`, `gater.addrDial`, `gater.accept`,
 * `gater.secured inbound` (or `outbound`) and `gater.upgraded`. A denial adds ` denied <rule>`, a hook that throws ` threw`.
 *
 * @param log - where the lines go; give the same array to `recordingResourceManager` to see both in one order
 * @param inner - who answers; the Null by default
 */
export function recordingGater (log: string[] = [], inner: ConnectionGater = nullConnectionGater): ConnectionGater & { readonly log: string[] } {
  function ask (line: string, answer: () => Verdict): Verdict {
    let verdict: Verdict
    try {
      verdict = answer()
    } catch (error) {
      log.push(`gater.${line} threw`)
      throw error
    }
    log.push(`gater.${line}${isDenial(verdict) ? ` denied ${verdict.rule}` : ''}`)
    return verdict
  }
  return {
    log,
    interceptPeerDial: peer => ask('peerDial', () => inner.interceptPeerDial(peer)),
    interceptAddrDial: (peer, addr) => ask('addrDial', () => inner.interceptAddrDial(peer, addr)),
    interceptAccept: addrs => ask('accept', () => inner.interceptAccept(addrs)),
    interceptSecured: (direction, peer, addrs) => ask(`secured ${direction}`, () => inner.interceptSecured(direction, peer, addrs)),
    interceptUpgraded: conn => ask('upgraded', () => inner.interceptUpgraded(conn))
  }
}
