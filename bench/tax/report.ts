/** What the manager costs on one side of a cycle. */
export interface SideTax {
  readonly calls: number
  readonly ns: number
}

export interface TaxResult {
  readonly name: string
  readonly dialer: SideTax
  readonly listener: SideTax
  /** How long one cycle takes; when several are under way at once, the time from one end to the next. */
  readonly cycleNs: number
}

/** One line of the table, as it stands in the JSON. Shares are of the cycle's time, 0..1. */
export interface TaxLine extends TaxResult {
  readonly dialerRatio: number
  readonly listenerRatio: number
  /** Both sides together, as if one process paid for both. */
  readonly bothRatio: number
}

const MAX_TAX_RATIO = 0.03

export function taxLine (result: TaxResult): TaxLine {
  const { dialer, listener, cycleNs } = result
  return { ...result, dialerRatio: dialer.ns / cycleNs, listenerRatio: listener.ns / cycleNs, bothRatio: (dialer.ns + listener.ns) / cycleNs }
}

function number (value: number, digits: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: digits })
}

function percent (ratio: number): string {
  return `${(ratio * 100).toFixed(2)} %`
}

/** The table for people. */
export function taxTable (lines: readonly TaxLine[]): string {
  const head = ['what the resource manager takes of', 'dialer calls', 'listener calls', 'dialer ns', 'listener ns', 'cycle ns', 'dialer', 'listener', 'both', 'goal']
  const cells = [head, ...lines.map(line => [
    line.name,
    number(line.dialer.calls, 2),
    number(line.listener.calls, 2),
    number(line.dialer.ns, 0),
    number(line.listener.ns, 0),
    number(line.cycleNs, 0),
    percent(line.dialerRatio),
    percent(line.listenerRatio),
    percent(line.bothRatio),
    `${MAX_TAX_RATIO * 100} %`
  ])]
  const widths = head.map((_, index) => Math.max(...cells.map(line => line[index]?.length ?? 0)))
  return cells.map(line => line.map((cell, index) => index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)).join('  ')).join('\n')
}
