import { type NodeRule, openNodeRules } from '@weir/node'
import type { CommandContext } from './command-context.ts'

/** `weir bans`: who is banned and who is trusted, in the node that runs on the data directory or as it is stored. */
export async function commandBans ({ data }: { readonly data: string }, { report }: CommandContext): Promise<void> {
  await using rules = await openNodeRules(data)
  const { banned, trusted } = await rules.list()
  for (const [list, entries] of [['banned', banned], ['trusted', trusted]] as const) {
    for (const rule of entries) report.tell('rule', { list, ...rule }, lineOf(list, rule))
  }
}

function lineOf (list: string, { key, origin, reason, untilMs }: NodeRule): string {
  const until = untilMs === null ? '' : ` until ${new Date(untilMs).toISOString()}`
  return `${list} ${key}${until}${origin === 'automatic' ? ' (automatic)' : ''}${reason === '' ? '' : `: ${reason}`}`
}
