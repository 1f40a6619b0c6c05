import type { PeerId } from './peers.ts'
import type { Result } from './run-row.ts'
import type { Figure } from './rows.ts'

/** One line of the table, as it stands in the JSON. Units are in `unit`; a ratio above 1 means that weir is better. */
export interface ReportLine {
  readonly name: string
  readonly unit: string
  readonly better: Figure['better']
  /** The best of each peer's rounds. */
  readonly best: Readonly<Partial<Record<PeerId, number>>>
  readonly rounds: Result['rounds']
  /** How many times as good as js-libp2p weir is. */
  readonly toJs: number | undefined
  /** Which share of the cost model weir reaches. */
  readonly toLimits: number | undefined
  readonly goals: Figure['goals']
}

function best (values: readonly number[], better: Figure['better']): number | undefined {
  if (values.length === 0) return undefined
  return better === 'more' ? Math.max(...values) : Math.min(...values)
}

function ratio (own: number | undefined, other: number | undefined, better: Figure['better']): number | undefined {
  if (own === undefined || other === undefined) return undefined
  return better === 'more' ? own / other : other / own
}

export function reportLine ({ figure, rounds }: Result): ReportLine {
  const { name, unit, better } = figure
  const of = (peer: PeerId): number | undefined => best(rounds[peer], better)
  const weir = of('weir')
  const found: Partial<Record<PeerId, number>> = {}
  for (const peer of ['weir', 'js', 'limits'] as const) {
    const value = of(peer)
    if (value !== undefined) found[peer] = value
  }
  return { name, unit, better, best: found, rounds, toJs: ratio(weir, of('js'), better), toLimits: ratio(weir, of('limits'), better), goals: figure.goals }
}

function number (value: number | undefined, unit: string): string {
  if (value === undefined) return '-'
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })} ${unit}`
}

function times (value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(2)}x`
}

function goal ({ js, limits }: Figure['goals'], better: Figure['better']): string {
  const parts = []
  // A goal of half the memory is printed as the ratio of two, as the ratios are.
  if (js !== undefined) parts.push(`${better === 'more' ? js : 1 / js}x js`)
  if (limits !== undefined) parts.push(`${limits}x model`)
  return parts.join(', ')
}

/** The table for people. In its ratios more is always better for weir, for memory too. */
export function table (lines: readonly ReportLine[]): string {
  const head = ['best of rounds', 'weir', 'js-libp2p', 'cost model', 'weir : js', 'weir : model', 'goal']
  const cells = [head, ...lines.map(line => [
    line.name,
    number(line.best.weir, line.unit),
    number(line.best.js, line.unit),
    number(line.best.limits, line.unit),
    times(line.toJs),
    times(line.toLimits),
    goal(line.goals, line.better)
  ])]
  const widths = head.map((_, index) => Math.max(...cells.map(line => line[index]?.length ?? 0)))
  return cells.map(line => line.map((cell, index) => index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)).join('  ')).join('\n')
}
