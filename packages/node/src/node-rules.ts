import type { BasicGater, ClosedConn, ConnHolder, ListedEntry } from '@weir/conn-gater'
import { parseRuleTarget, type RuleTarget } from './rule-target.ts'

/** A rule, as plain data that JSON can carry. */
export interface NodeRule extends RuleTarget {
  /** `manual` when an operator made it, `automatic` when a policy did. */
  readonly origin: 'manual' | 'automatic'
  readonly reason: string
  /** Wall clock; `null` when it holds until it is taken back. */
  readonly untilMs: number | null
}

export interface NodeRuleLists {
  readonly banned: readonly NodeRule[]
  readonly trusted: readonly NodeRule[]
}

export interface NodeRuleOptions {
  /** For people; it stands in the refusal. */
  readonly reason?: string | undefined
  /** For how long. @defaultValue until it is taken back */
  readonly ttlMs?: number | undefined
}

/** What a change did. */
export interface NodeRuleChange extends RuleTarget {
  /** Whether anything is different now. */
  readonly changed: boolean
  /** The connections that it closed. */
  readonly closed: readonly ClosedConn[]
}

/**
 * Who is banned from a node and who is trusted by it. A target is what `parseRuleTarget` reads. Changes are in force, and
 * written down, when their promise resolves; a ban has closed the connections that it denies by then.
 *
 * @throws all changes: {InvalidRuleTargetError}, and what the gater throws
 */
export interface NodeRules {
  list (): Promise<NodeRuleLists>
  ban (target: string, options?: NodeRuleOptions): Promise<NodeRuleChange>
  unban (target: string): Promise<NodeRuleChange>
  /** Trust wins over every ban. */
  trust (target: string, options?: NodeRuleOptions): Promise<NodeRuleChange>
  untrust (target: string): Promise<NodeRuleChange>
}

const BAN = { peer: 'blockPeer', addr: 'blockAddr', subnet: 'blockSubnet' } as const
const UNBAN = { peer: 'unblockPeer', addr: 'unblockAddr', subnet: 'unblockSubnet' } as const
const TRUST = { peer: 'trustPeer', addr: 'trustAddr', subnet: 'trustSubnet' } as const
const UNTRUST = { peer: 'untrustPeer', addr: 'untrustAddr', subnet: 'untrustSubnet' } as const

/** The rules of a gater, and of a network whose connections it decides about. */
export function nodeRules (gater: BasicGater, network: ConnHolder): NodeRules {
  // What was allowed by trust alone is denied without it, so each change but an unban can close connections.
  const change = async (target: string, apply: (target: RuleTarget) => Promise<boolean>): Promise<NodeRuleChange> => {
    const { kind, key } = parseRuleTarget(target)
    const changed = await apply({ kind, key })
    return { kind, key, changed, closed: await gater.enforce(network) }
  }
  return {
    list: async () => ({
      banned: [...rules('peer', gater.listBlockedPeers()), ...rules('addr', gater.listBlockedAddrs()), ...rules('subnet', gater.listBlockedSubnets())],
      trusted: [...rules('peer', gater.listTrustedPeers()), ...rules('addr', gater.listTrustedAddrs()), ...rules('subnet', gater.listTrustedSubnets())]
    }),
    ban: (target, options) => change(target, ({ kind, key }) => gater[BAN[kind]](key, options)),
    unban: target => change(target, ({ kind, key }) => gater[UNBAN[kind]](key)),
    trust: (target, options) => change(target, ({ kind, key }) => gater[TRUST[kind]](key, options)),
    untrust: target => change(target, ({ kind, key }) => gater[UNTRUST[kind]](key))
  }
}

function rules (kind: RuleTarget['kind'], entries: readonly ListedEntry[]): NodeRule[] {
  return entries.map(({ key, kind: origin, reason, untilMs }) => ({ kind, key, origin, reason, untilMs: untilMs === Infinity ? null : untilMs }))
}
