import type { Calls } from './count-calls.ts'
import type { Cost } from './measure.ts'
import { OPERATIONS, type ScopeRow } from './rows.ts'

/** All rounds of one row; `go` is empty where there is no Go. */
export interface ScopeResult {
  readonly row: ScopeRow
  readonly calls: Calls
  readonly weir: readonly Cost[]
  readonly go: readonly Cost[]
}

/** One line of the table, as it stands in the JSON. Each figure is the best of its rounds. */
export interface ScopeLine extends ScopeRow, Calls {
  readonly weir: Cost
  readonly go: Cost | undefined
  /** How many times as fast as go-libp2p's manager ours is. */
  readonly toGo: number | undefined
  /** The same in time on processors. */
  readonly cpuToGo: number | undefined
}

function best (rounds: readonly Cost[]): Cost {
  const least = (of: keyof Cost): number => Math.min(...rounds.map(cost => cost[of]))
  return { ns: least('ns'), cpuNs: least('cpuNs'), bytes: least('bytes') }
}

export function scopeLine ({ row, calls, weir, go }: ScopeResult): ScopeLine {
  const ours = best(weir)
  const theirs = go.length === 0 ? undefined : best(go)
  return { ...row, ...calls, weir: ours, go: theirs, toGo: theirs && theirs.ns / ours.ns, cpuToGo: theirs && theirs.cpuNs / ours.cpuNs }
}

/** The operations that look up or visit more, or less, with one number of live scopes than with another. */
export function unequalCalls (lines: readonly ScopeLine[]): string[] {
  const seen = new Map<string, Set<string>>()
  for (const { operation, peers, mapCalls, scopeVisits } of lines) {
    const name = `${OPERATIONS[operation]}, ${peers}`
    seen.set(name, (seen.get(name) ?? new Set()).add(`${mapCalls} and ${scopeVisits}`))
  }
  return [...seen].filter(([, counts]) => counts.size > 1).map(([name, counts]) => `${name}: ${[...counts].join(', ')}`)
}

function number (value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toLocaleString('en', { maximumFractionDigits: digits })
}

function times (value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(2)}x`
}

/** The table for people. In its ratios more is better for weir. */
export function scopeTable (lines: readonly ScopeLine[]): string {
  const head = ['best of rounds, per operation', 'peers', 'live', 'weir ns', 'go ns', 'go : weir', 'weir cpu', 'go cpu', 'go : weir', 'weir bytes', 'go bytes', 'map calls', 'scope visits']
  const cells = [head, ...lines.map(line => [
    OPERATIONS[line.operation],
    line.peers,
    number(line.live, 0),
    number(line.weir.ns, 0),
    number(line.go?.ns, 0),
    times(line.toGo),
    number(line.weir.cpuNs, 0),
    number(line.go?.cpuNs, 0),
    times(line.cpuToGo),
    number(line.weir.bytes, 0),
    number(line.go?.bytes, 0),
    number(line.mapCalls, 2),
    number(line.scopeVisits, 2)
  ])]
  const widths = head.map((_, index) => Math.max(...cells.map(line => line[index]?.length ?? 0)))
  return cells.map(line => line.map((cell, index) => index < 2 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)).join('  ')).join('\n')
}
