import { type NodeRuleChange, openNodeRules, type RuleTarget } from '@weir/node'
import type { CommandContext } from './command-context.ts'

export interface RuleCommandOptions {
  readonly data: string
  readonly reason?: string
  /** For how long, in milliseconds. */
  readonly for?: number
}

export type RuleCommand = 'ban' | 'unban' | 'trust' | 'untrust'

/** What people are told: that it was done, or that there was nothing to do. */
const WORDS: Readonly<Record<RuleCommand, readonly [done: string, idle: string]>> = {
  ban: ['banned', 'is banned already'],
  unban: ['no longer banned', 'was not banned'],
  trust: ['trusted', 'is trusted already'],
  untrust: ['no longer trusted', 'was not trusted']
}

/** `weir ban`, `unban`, `trust`, `untrust`: in the node that runs on the data directory, or in what is stored when none runs. */
export async function commandRules (command: RuleCommand, targets: readonly RuleTarget[], { data, reason, for: ttlMs }: RuleCommandOptions, { report }: CommandContext): Promise<void> {
  const [done, idle] = WORDS[command]
  await using rules = await openNodeRules(data)
  for (const { key } of targets) {
    const { kind, changed, closed } = await rules[command](key, { reason, ttlMs })
    report.tell(command, { kind, key, changed, closed: closed.map(({ id, peer, addr }) => ({ conn: id, peer, address: addr })) }, [`${key} ${changed ? done : idle}`, ...closedLines(closed)])
  }
}

function closedLines (closed: NodeRuleChange['closed']): string[] {
  return closed.map(({ peer, addr, message }) => `closed: ${peer} at ${addr}: ${message}`)
}
