import type { Multiaddr } from '@multiformats/multiaddr'
import { ALLOW, type Clock, type Denial, type IpAddress, ipAddressOf, ipAddressText, subnetText, type Verdict } from '@weir/network'
import { isCircuit, isName } from './addr-kind.ts'
import { EntryDenial } from './entry-denial.ts'
import type { ListName } from './entry-key.ts'
import { CONFIG_ENTRY, type CompiledGatingConfig } from './gating-config.ts'
import type { RuleBook } from './rule-book.ts'
import type { Trust } from './trust.ts'

/** What is decided from the lists and the configuration. Asks for trust only of whom something speaks against. */
export class Rules implements Trust {
  config: CompiledGatingConfig
  readonly #blocked: RuleBook
  readonly #trusted: RuleBook
  readonly #nowMs: () => number

  constructor (books: Readonly<Record<ListName, RuleBook>>, config: CompiledGatingConfig, clock: Clock) {
    this.#blocked = books.blocked
    this.#trusted = books.trusted
    this.config = config
    this.#nowMs = () => clock.wallMs()
  }

  isTrustedPeer (peer: string): boolean {
    return this.config.trustedPeers.has(peer) || this.#trusted.peers.live(peer) !== undefined
  }

  isTrustedAddr (address: IpAddress): boolean {
    return this.config.trustedAddrs.get(address) !== undefined || this.#trusted.addrs.live(address) !== undefined || this.#trusted.subnetTree.match(address, this.#nowMs) !== undefined
  }

  judgePeer (peer: string): Verdict {
    const denial = this.#peerDenial(peer)
    return denial === undefined || this.isTrustedPeer(peer) ? ALLOW : denial
  }

  /** Before anybody has said who they are. */
  judgeAccept (addr: Multiaddr): Verdict {
    const somebodyMayComeFromAnywhere = this.config.trustsPeersAnywhere || this.#trusted.peers.size > 0
    return this.#addrDenial(addr, somebodyMayComeFromAnywhere) ?? ALLOW
  }

  /** @param isDial - names are let pass: whom they lead to is judged when it is known */
  judgePeerAndAddr (peer: string, addr: Multiaddr, isDial: boolean): Verdict {
    const denial = this.#peerDenial(peer) ?? this.#addrDenial(addr, isDial && this.config.state.isolate && isName(addr))
    return denial === undefined || this.isTrustedPeer(peer) ? ALLOW : denial
  }

  #peerDenial (peer: string): Denial | undefined {
    const entry = this.#blocked.peers.live(peer)
    if (entry !== undefined) return new EntryDenial('blocked-peer', peerText(peer), entry)
    return this.config.bannedPeers.has(peer) ? new EntryDenial('banned-peer', peerText(peer), CONFIG_ENTRY) : undefined
  }

  #addrDenial (addr: Multiaddr, neverIsolated: boolean): Denial | undefined {
    const address = ipAddressOf(addr)
    const denial = address === undefined ? undefined : this.#ipDenial(address)
    if (denial !== undefined && address !== undefined && !this.isTrustedAddr(address)) return denial
    if (neverIsolated || !this.config.state.isolate) return undefined
    if (address !== undefined && this.isTrustedAddr(address) && !isCircuit(addr)) return undefined
    return new EntryDenial('isolated', () => `everybody but the trusted, ${addr} among them,`, CONFIG_ENTRY)
  }

  #ipDenial (address: IpAddress): Denial | undefined {
    const entry = this.#blocked.addrs.live(address)
    if (entry !== undefined) return new EntryDenial('blocked-addr', addrText(address), entry)
    const match = this.#blocked.subnetTree.match(address, this.#nowMs)
    if (match !== undefined) return new EntryDenial('blocked-subnet', () => `${addrText(address)()} of ${subnetText(match.subnet)}`, match.entry)
    return this.config.bannedAddrs.get(address) === undefined ? undefined : new EntryDenial('banned-addr', addrText(address), CONFIG_ENTRY)
  }
}

// Texts that are made when somebody reads them.

function peerText (peer: string): () => string {
  return () => `peer ${peer}`
}

function addrText (address: IpAddress): () => string {
  return () => `address ${ipAddressText(address)}`
}
