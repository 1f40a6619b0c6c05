import { type IpAddress, ipAddressText, type PeerRef, parseIpAddress, type Random } from '@weir/network'
import { AddrTable } from './addr-table.ts'
import type { BasicGaterLimits } from './defaults.ts'
import type { Entry } from './entry.ts'
import { GaterFullError } from './errors.ts'
import { ReasonTable } from './reason-table.ts'

/** A peer of a gating configuration: who, or where, or both. */
export interface GatedPeer {
  readonly peer?: PeerRef | string | undefined
  /** Of version 4 or 6. */
  readonly ip?: string | undefined
}

/** Whom to keep out and whom to let in, replaced as a whole. @see seed 000, "connection_gating" */
export interface GatingConfig {
  /** Neither these peers nor these addresses, except for those that are trusted. */
  readonly bannedPeers?: readonly GatedPeer[] | undefined
  readonly trustedPeers?: readonly GatedPeer[] | undefined
  /** Only those that are trusted, here or by `trustPeer`, `trustAddr`, `trustSubnet`. */
  readonly isolate?: boolean | undefined
}

/** A configuration in force, as plain data: texts, addresses in their short form, everything filled in. */
export interface GatingConfigState {
  readonly bannedPeers: readonly { readonly peer?: string, readonly ip?: string }[]
  readonly trustedPeers: readonly { readonly peer?: string, readonly ip?: string }[]
  readonly isolate: boolean
}

/** A configuration to be asked. */
export interface CompiledGatingConfig {
  readonly state: GatingConfigState
  readonly bannedPeers: ReadonlySet<string>
  readonly bannedAddrs: AddrTable
  readonly trustedPeers: ReadonlySet<string>
  readonly trustedAddrs: AddrTable
  /** Whether some trusted peer comes without an address, so that it may come from any. */
  readonly trustsPeersAnywhere: boolean
}

const KEYS = ['bannedPeers', 'trustedPeers', 'isolate']
export const CONFIG_ENTRY: Entry = Object.freeze({ kind: 'manual', reason: 'the gating configuration', untilMs: Infinity })

/**
 * Checks all of it before any of it is in force.
 *
 * @throws {TypeError} at a key that is not known, or a value of the wrong kind
 * @throws {RangeError} at an address that is none
 * @throws {GaterFullError} when there are too many
 */
export function compileGatingConfig (config: GatingConfig, { maxConfiguredPeers, maxPeerLength }: Pick<BasicGaterLimits, 'maxConfiguredPeers' | 'maxPeerLength'>, random: Random): CompiledGatingConfig {
  for (const key of Object.keys(config)) if (!KEYS.includes(key)) throw new TypeError(`a gating configuration has no ${key}`)
  const { isolate = false } = config
  if (typeof isolate !== 'boolean') throw new TypeError(`isolate is true or false, got ${String(isolate)}`)
  const read = (name: 'bannedPeers' | 'trustedPeers') => {
    const given = config[name] ?? []
    if (given.length > maxConfiguredPeers) throw new GaterFullError('maxConfiguredPeers', maxConfiguredPeers)
    const peers = new Set<string>()
    const addrs = new AddrTable(new ReasonTable(), random)
    const state = given.map(each => {
      const { peer, address } = readPeer(name, each, maxPeerLength)
      if (peer !== undefined) peers.add(peer)
      if (address !== undefined) addrs.set(address, CONFIG_ENTRY)
      return { ...(peer === undefined ? {} : { peer }), ...(address === undefined ? {} : { ip: ipAddressText(address) }) }
    })
    return { peers, addrs, state }
  }
  const [banned, trusted] = [read('bannedPeers'), read('trustedPeers')]
  return {
    state: { bannedPeers: banned.state, trustedPeers: trusted.state, isolate },
    bannedPeers: banned.peers,
    bannedAddrs: banned.addrs,
    trustedPeers: trusted.peers,
    trustedAddrs: trusted.addrs,
    trustsPeersAnywhere: trusted.state.some(({ ip }) => ip === undefined)
  }
}

function readPeer (name: string, given: GatedPeer, maxPeerLength: number): { peer: string | undefined, address: IpAddress | undefined } {
  for (const key of Object.keys(Object(given))) if (key !== 'peer' && key !== 'ip') throw new TypeError(`a peer of ${name} has no ${key}`)
  const peer = given.peer?.toString()
  if (peer === undefined && given.ip === undefined) throw new TypeError(`a peer of ${name} has a peer or an ip`)
  if (peer !== undefined && (peer === '' || peer.length > maxPeerLength)) throw new RangeError(`a peer's text has 1 to ${maxPeerLength} characters`)
  const address = given.ip === undefined ? undefined : parseIpAddress(given.ip)
  if (given.ip !== undefined && address === undefined) throw new RangeError(`an ip of ${name} is an address such as 192.0.2.1 or 2001:db8::1, got ${given.ip}`)
  return { peer, address }
}
