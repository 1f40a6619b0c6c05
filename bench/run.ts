import { writeFileSync } from 'node:fs'
import { arch, cpus, platform } from 'node:os'
import { benchOptions, USAGE } from './src/options.ts'
import { type ReportLine, reportLine, table } from './src/report.ts'
import { runRow } from './src/run-row.ts'

// Progress goes to standard error, the table and then the JSON to standard output. No figure makes the run fail.

async function main (): Promise<void> {
  const { rows, peers, rounds, size, json } = benchOptions(process.argv.slice(2))
  const lines: ReportLine[] = []
  for (const row of rows) {
    const results = await runRow(row, peers, rounds, size, line => { process.stderr.write(`${line}\n`) })
    lines.push(...results.map(reportLine))
  }
  const machine = { node: process.version, platform: `${platform()} ${arch()}`, cpu: cpus()[0]?.model ?? '', cpus: cpus().length }
  const text = JSON.stringify({ machine, rounds, size, lines })
  process.stdout.write(`\n${table(lines)}\n\n${machine.cpus} x ${machine.cpu}, ${machine.platform}, Node ${machine.node}, ${rounds} rounds\n\n${text}\n`)
  if (json !== undefined) writeFileSync(json, `${text}\n`)
}

try {
  await main()
} catch (error) {
  const wrongArguments = error instanceof TypeError || error instanceof RangeError
  process.stderr.write(wrongArguments ? `${error.message}\n${USAGE}\n` : `${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = wrongArguments ? 2 : 1
}
