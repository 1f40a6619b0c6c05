import { type Clock, type IpAddress, ipAddressText, type Random, type Subnet, subnetText } from '@weir/network'
import { AddrTable } from './addr-table.ts'
import { BoundedMap } from './bounded-map.ts'
import type { BasicGaterLimits } from './defaults.ts'
import type { Entry } from './entry.ts'
import { entryPath, type ListName } from './entry-key.ts'
import { ReasonTable } from './reason-table.ts'
import { SubnetTree } from './subnet-tree.ts'

/** Peers, addresses and subnets that have one thing in common: they are blocked, or trusted. */
export interface RuleBook {
  readonly peers: BoundedMap<string>
  readonly addrs: BoundedMap<IpAddress>
  readonly subnets: BoundedMap<Subnet>
  /** The subnets again, to be asked by address. */
  readonly subnetTree: SubnetTree
}

export interface RuleBookInit {
  readonly list: ListName
  readonly limits: BasicGaterLimits
  readonly clock: Clock
  readonly random: Random
}

export function ruleBook ({ list, limits, clock, random }: RuleBookInit): RuleBook {
  const blocked = list === 'blocked'
  const { maxAutomatic } = limits
  const nowMs = (): number => clock.wallMs()
  const reasons = new ReasonTable()
  const subnetTree = new SubnetTree(reasons)
  const option = (name: 'maxBlockedPeers' | 'maxBlockedAddrs' | 'maxBlockedSubnets'): { readonly option: string, readonly max: number } => {
    const key = blocked ? name : 'maxTrusted'
    return { option: key, max: limits[key] }
  }
  return {
    peers: new BoundedMap({ entries: new Map<string, Entry>(), textOf: peer => peer, pathOf: key => entryPath({ list, type: 'peer', key }), ...option('maxBlockedPeers'), maxAutomatic, nowMs }),
    addrs: new BoundedMap({ entries: new AddrTable(reasons, random), textOf: ipAddressText, pathOf: key => entryPath({ list, type: 'addr', key }), ...option('maxBlockedAddrs'), maxAutomatic, nowMs }),
    subnets: new BoundedMap({ entries: subnetTree, textOf: subnetText, pathOf: key => entryPath({ list, type: 'subnet', key }), ...option('maxBlockedSubnets'), maxAutomatic, nowMs }),
    subnetTree
  }
}
