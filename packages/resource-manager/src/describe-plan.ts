import type { ConcreteLimits } from './concrete-limits.ts'
import { formatBytes } from './format-bytes.ts'
import type { Limit } from './limit.ts'
import type { LimitBudget } from './scale-limits.ts'
import type { Watermarks } from './watermarks.ts'
import type { WorstCase } from './worst-case.ts'

/** A plan in lines for people: what was given, what comes of it, and what it can cost. */
export function describePlan ({ budget, limits, watermarks, worst }: { budget: LimitBudget, limits: ConcreteLimits, watermarks: Watermarks, worst: WorstCase }): string[] {
  const { system, transient, peerDefault, conn, stream } = limits
  return [
    line('budget', `${formatBytes(budget.memoryBytes)}, ${budget.numFd === 0 ? 'an unknown number of' : count(budget.numFd)} file descriptors`),
    line('system', scope(system)),
    line('not ready yet', scope(transient)),
    line('one peer', scope(peerDefault)),
    line('one connection', formatBytes(conn.memoryBytes)),
    line('one stream', formatBytes(stream.memoryBytes)),
    line('trimmed', `from ${watermarks.highWater} connections on, down to ${watermarks.lowWater}`),
    line('worst case', `${formatBytes(worst.totalBytes)}, ${count(worst.fds)} file descriptors`),
    line('- reserved', formatBytes(worst.reservedBytes)),
    ...worst.unreserved.map(({ name, bytes }) => line(`- ${name}`, formatBytes(bytes))),
    line('trusted', `${formatBytes(worst.allowlistedBytes)} on top, when trusted addresses use all that is theirs`)
  ]
}

function scope (limit: Limit): string {
  const { conns, connsInbound, connsOutbound, streams, streamsInbound, streamsOutbound, fd, memoryBytes } = limit
  return [
    `${count(conns)} connections (${count(connsInbound)} in, ${count(connsOutbound)} out)`,
    `${count(streams)} streams (${count(streamsInbound)} in, ${count(streamsOutbound)} out)`,
    `${count(fd)} file descriptors`,
    formatBytes(memoryBytes)
  ].join(', ')
}

function line (name: string, text: string): string {
  return `${name.padEnd(16)} ${text}`
}

function count (limit: number): string {
  return limit === Infinity ? 'unlimited' : String(limit)
}
