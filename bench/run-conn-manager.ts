import { writeFileSync } from 'node:fs'
import { arch, cpus, platform } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { connManagerOptions, USAGE } from './conn-manager/options.ts'
import { connManagerTable } from './conn-manager/report.ts'
import { runOperations, runTrims } from './conn-manager/run-rows.ts'

// Progress goes to standard error, the tables and then the JSON to standard output. No figure makes the run fail.

async function main (): Promise<void> {
  const options = connManagerOptions(process.argv.slice(2))
  const progress = (line: string): void => { process.stderr.write(`${line}\n`) }
  setFlagsFromString('--expose-gc')
  globalThis.gc = runInNewContext('gc') as NonNullable<typeof globalThis.gc>
  progress('trims')
  const trims = await runTrims(options)
  const operations = await runOperations(options, progress)
  const machine = { node: process.version, platform: `${platform()} ${arch()}`, cpu: cpus()[0]?.model ?? '', cpus: cpus().length }
  const text = JSON.stringify({ machine, rounds: options.rounds, conns: options.conns, peers: options.peers, trims, operations })
  process.stdout.write([
    '',
    connManagerTable(trims, operations),
    '',
    `${machine.cpus} x ${machine.cpu}, ${machine.platform}, Node ${machine.node}, ${options.rounds} rounds, ${options.peers.toLocaleString('en')} peers`,
    '',
    text,
    ''
  ].join('\n'))
  if (options.json !== undefined) writeFileSync(options.json, `${text}\n`)
}

try {
  await main()
} catch (error) {
  const wrongArguments = error instanceof TypeError || error instanceof RangeError
  process.stderr.write(wrongArguments ? `${error.message}\n${USAGE}\n` : `${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = wrongArguments ? 2 : 1
}
