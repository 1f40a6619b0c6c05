import { fileURLToPath } from 'node:url'
import type { Cost } from './measure.ts'
import { LineProcess } from './line-process.ts'
import type { ScopeOptions } from './options.ts'
import type { ScopeResult } from './report.ts'
import { rowsAt } from './rows.ts'

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))

async function startOurs (live: number): Promise<LineProcess> {
  return await LineProcess.start(process.execPath, ['--conditions=@weir/source', '--expose-gc', CHILD, String(live)])
}

/** All rows at one number of live scopes. Ours and Go's take turns row by row, and begin in turns. */
export async function runLive (live: number, goBinary: string | undefined, { rounds, durationMs, operations }: Pick<ScopeOptions, 'rounds' | 'durationMs' | 'operations'>, progress: (line: string) => void): Promise<ScopeResult[]> {
  const rows = rowsAt(live, operations)
  const counting = await startOurs(live)
  const results: Array<ScopeResult & { weir: Cost[], go: Cost[] }> = []
  try {
    for (const row of rows) {
      const [mapCalls = Number.NaN, scopeVisits = Number.NaN] = await counting.ask(`${row.operation} ${row.peers} count`)
      results.push({ row, calls: { mapCalls, scopeVisits }, weir: [], go: [] })
    }
  } finally {
    counting.end()
  }
  const sides = new Map<'weir' | 'go', LineProcess>()
  try {
    sides.set('weir', await startOurs(live))
    if (goBinary !== undefined) sides.set('go', await LineProcess.start(goBinary, [String(live)]))
    for (let round = 0; round < rounds; round++) {
      for (const result of results) {
        const { operation, peers } = result.row
        for (const [side, process] of round % 2 === 0 ? [...sides] : [...sides].reverse()) {
          const [ns = Number.NaN, cpuNs = Number.NaN, bytes = Number.NaN] = await process.ask(`${operation} ${peers} ${durationMs}`)
          result[side].push({ ns, cpuNs, bytes })
          progress(`${live} live, round ${round + 1}/${rounds}, ${operation} ${peers}, ${side}: ${ns.toFixed(0)} ns, ${cpuNs.toFixed(0)} ns of CPU, ${bytes.toFixed(0)} bytes`)
        }
      }
    }
  } finally {
    for (const process of sides.values()) process.end()
  }
  return results
}
