import { writeFileSync } from 'node:fs'
import { arch, cpus, platform } from 'node:os'
import { buildGoSubject } from './scopes/go-toolchain.ts'
import { scopeOptions, USAGE } from './scopes/options.ts'
import { type ScopeLine, scopeLine, scopeTable, unequalCalls } from './scopes/report.ts'
import { OPERATIONS } from './scopes/rows.ts'
import { runLive } from './scopes/run-live.ts'

// Progress goes to standard error, the table and then the JSON to standard output. No figure makes the run fail.

async function main (): Promise<void> {
  const { rounds, durationMs, live, operations, json } = scopeOptions(process.argv.slice(2))
  const progress = (line: string): void => { process.stderr.write(`${line}\n`) }
  const goBinary = buildGoSubject()
  if (goBinary === undefined) progress('Go is not installed: go-libp2p\'s manager is not measured')
  const lines: ScopeLine[] = []
  for (const each of live) lines.push(...(await runLive(each, goBinary, { rounds, durationMs, operations }, progress)).map(scopeLine))
  lines.sort((a, b) => order(a) - order(b))
  const machine = { node: process.version, platform: `${platform()} ${arch()}`, cpu: cpus()[0]?.model ?? '', cpus: cpus().length }
  const text = JSON.stringify({ machine, rounds, durationMs, lines })
  const unequal = unequalCalls(lines)
  process.stdout.write([
    '',
    scopeTable(lines),
    '',
    goBinary === undefined ? 'go-libp2p was not measured: Go is not installed' : `more time on processors than go-libp2p: ${list(lines.filter(({ cpuToGo }) => (cpuToGo ?? 1) < 1).map(({ operation, peers, live: at }) => `${operation} ${peers} at ${at}`))}`,
    `map calls and scope visits that depend on the live scopes: ${list(unequal)}`,
    `${machine.cpus} x ${machine.cpu}, ${machine.platform}, Node ${machine.node}, ${rounds} rounds of ${durationMs} ms`,
    '',
    text,
    ''
  ].join('\n'))
  if (json !== undefined) writeFileSync(json, `${text}\n`)
}

/** Operations in their order, and with each whom it is for. */
function order ({ operation, peers }: ScopeLine): number {
  return Object.keys(OPERATIONS).indexOf(operation) * 3 + ['one', 'random', 'live'].indexOf(peers)
}

function list (items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join('; ')
}

try {
  await main()
} catch (error) {
  const wrongArguments = error instanceof TypeError || error instanceof RangeError
  process.stderr.write(wrongArguments ? `${error.message}\n${USAGE}\n` : `${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = wrongArguments ? 2 : 1
}
