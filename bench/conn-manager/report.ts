import type { OperationLine, TrimLine } from './run-rows.ts'

/** The tables for people. */
export function connManagerTable (trims: readonly TrimLine[], operations: readonly OperationLine[]): string {
  return [
    table([['whole', 'best ms', 'median ms', 'best cpu ms', 'median cpu ms'], ...trims.map(({ name, bestMs, medianMs, bestCpuMs, medianCpuMs }) => [name, ...[bestMs, medianMs, bestCpuMs, medianCpuMs].map(ms => ms?.toFixed(1) ?? '-')])]),
    '',
    table([['operation', 'mean ns', '99.99 % ms', 'worst ms', 'worst ms without the collector'], ...operations.map(({ name, meanNs, p9999Ms, worstMs, worstOwnMs }) => [name, meanNs.toFixed(0), p9999Ms.toFixed(3), worstMs.toFixed(3), worstOwnMs.toFixed(3)])])
  ].join('\n')
}

function table (cells: readonly (readonly string[])[]): string {
  const widths = cells[0]?.map((_, index) => Math.max(...cells.map(line => line[index]?.length ?? 0))) ?? []
  return cells.map(line => line.map((cell, index) => index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)).join('  ')).join('\n')
}
