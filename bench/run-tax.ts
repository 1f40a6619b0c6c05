import { writeFileSync } from 'node:fs'
import { arch, cpus, platform } from 'node:os'
import { benchOptions } from './src/options.ts'
import { PEERS } from './src/peers.ts'
import { reportLine } from './src/report.ts'
import { runRow } from './src/run-row.ts'
import { type Cycle, recordScripts, type Scripts } from './tax/record.ts'
import { taxLine, taxTable, type TaxLine } from './tax/report.ts'
import { TAX_ROWS } from './tax/rows.ts'
import { sideTax } from './tax/side-tax.ts'

// What the resource manager takes of the rows of run.ts: its calls in one cycle, made again on their own, against the cycle's time.
// Progress goes to standard error, the table and then the JSON to standard output. No figure makes the run fail.

const USAGE = 'usage: npm run bench:tax -- [--quick] [--rounds N] [--json FILE]'
const REPLAY_MS = 300

async function main (): Promise<void> {
  const { rows, rounds, size, json } = benchOptions(process.argv.slice(2))
  const lines: TaxLine[] = []
  const known = new Map<Cycle, Scripts>()
  for (const { id, cycle } of TAX_ROWS) {
    const row = rows.find(each => each.id === id)
    if (row === undefined) continue
    const scripts = known.get(cycle) ?? await recordScripts(cycle)
    known.set(cycle, scripts)
    const { dialer, listener, numCycles } = scripts
    const replay = { rounds, durationMs: REPLAY_MS }
    const taxes = { dialer: await sideTax(dialer, numCycles, replay), listener: await sideTax(listener, numCycles, replay) }
    const results = await runRow(row, PEERS.filter(peer => peer.id === 'weir'), rounds, size, line => { process.stderr.write(`${line}\n`) })
    for (const result of results) {
      const { name, best } = reportLine(result)
      lines.push(taxLine({ name, ...taxes, cycleNs: 1e9 / (best.weir ?? Number.NaN) }))
    }
  }
  const machine = { node: process.version, platform: `${platform()} ${arch()}`, cpu: cpus()[0]?.model ?? '', cpus: cpus().length }
  const text = JSON.stringify({ machine, rounds, size, lines })
  process.stdout.write(`\n${taxTable(lines)}\n\n${machine.cpus} x ${machine.cpu}, ${machine.platform}, Node ${machine.node}, ${rounds} rounds\n\n${text}\n`)
  if (json !== undefined) writeFileSync(json, `${text}\n`)
}

try {
  await main()
} catch (error) {
  const wrongArguments = error instanceof TypeError || error instanceof RangeError
  process.stderr.write(wrongArguments ? `${error.message}\n${USAGE}\n` : `${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = wrongArguments ? 2 : 1
}
