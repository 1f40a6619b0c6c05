import { writeFileSync } from 'node:fs'
import { arch, cpus, platform } from 'node:os'
import { parseArgs } from 'node:util'
import type { P2pBenchSide } from './p2p/bench-side.ts'
import { ListenerProcess } from './p2p/listener-process.ts'
import { handshakes, memoryPerConnection, messages, proofOfWorkHashes, schedulerShares } from './p2p/measure.ts'
import { modelSide } from './p2p/model-side.ts'
import { weirSide } from './p2p/weir-side.ts'

// Tezos's connections beside the cost model. Progress goes to standard error, the table and then the JSON to standard output. No figure makes the run fail.

const USAGE = 'usage: npm run bench:p2p -- [--quick] [--json FILE]'

interface Line {
  readonly row: string
  readonly weir: number
  readonly model?: number | undefined
  readonly unit: string
  readonly goal?: number | undefined
}

async function main (): Promise<void> {
  const { values: { quick, json } } = parseArgs({ options: { quick: { type: 'boolean' }, json: { type: 'string' } } })
  const [rounds, durationMs, conns] = quick === true ? [2, 500, 100] : [5, 2_000, 500]
  const lines: Line[] = []
  using weir = await ListenerProcess.start('weir')
  using model = await ListenerProcess.start('model')
  const best = async (row: string, unit: string, goal: number, measure: (side: P2pBenchSide, port: number, durationMs: number) => Promise<number>): Promise<void> => {
    await measure(weirSide, weir.port, durationMs / 4) // the first run loads and compiles
    await measure(modelSide, model.port, durationMs / 4)
    const [ours, theirs]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      ours.push(await measure(weirSide, weir.port, durationMs))
      theirs.push(await measure(modelSide, model.port, durationMs))
      process.stderr.write(`${row}, round ${round + 1}/${rounds}: ${ours.at(-1)?.toFixed(0)}, model ${theirs.at(-1)?.toFixed(0)} ${unit}\n`)
    }
    lines.push({ row, weir: Math.max(...ours), model: Math.max(...theirs), unit, goal })
  }
  await best('handshakes, one after another', '/s', 1_000, handshakes)
  await best('messages of 64 KiB', 'MB/s', 400, async (side, port, ms) => await messages(side, port, 65_536, ms) * 65_536 / 1e6)
  await best('messages of 64 bytes', '/s', 100_000, async (side, port, ms) => await messages(side, port, 64, ms))
  const memory = await memoryPerConnection(weirSide, weir, conns)
  const modelMemory = await memoryPerConnection(modelSide, model, conns)
  lines.push({ row: 'idle connection: heap and external', weir: memory.heapBytes, model: modelMemory.heapBytes, unit: 'B' })
  lines.push({ row: 'idle connection: resident set', weir: memory.rssBytes, model: modelMemory.rssBytes, unit: 'B' })
  lines.push({ row: 'proof-of-work hashes on one core', weir: Math.max(...Array.from({ length: rounds }, () => proofOfWorkHashes(durationMs))), unit: '/s', goal: 2_000_000 })
  const shares = await schedulerShares({ downloadBytes: 1_048_576, uploadBytes: 262_144 }, 5_000)
  lines.push({ row: 'eight clients, 5 s: of the limit of 1 MiB/s down', weir: 100 * shares.download, unit: '%' })
  lines.push({ row: 'eight clients, 5 s: of the limit of 256 KiB/s up', weir: 100 * shares.upload, unit: '%' })
  lines.push({ row: 'eight clients, 5 s: the least of them, of an even share', weir: 100 * shares.leastShare, unit: '%' })
  const machine = { node: process.version, platform: `${platform()} ${arch()}`, cpu: cpus()[0]?.model ?? '', cpus: cpus().length }
  const text = JSON.stringify({ machine, rounds, durationMs, lines })
  process.stdout.write(['', '| Row | weir | cost model | weir : model | goal |', '|---|---|---|---|---|', ...lines.map(tableLine), '', text, ''].join('\n'))
  if (json !== undefined) writeFileSync(json, `${text}\n`)
}

function tableLine ({ row, weir, model, unit, goal }: Line): string {
  const figure = (value: number | undefined): string => value === undefined ? '' : `${Math.round(value).toLocaleString('en')} ${unit}`
  return `| ${row} | ${figure(weir)} | ${figure(model)} | ${model === undefined ? '' : `${(weir / model).toFixed(2)}x`} | ${figure(goal)} |`
}

try {
  await main()
} catch (error) {
  const wrongArguments = error instanceof TypeError || error instanceof RangeError
  process.stderr.write(wrongArguments ? `${error.message}\n${USAGE}\n` : `${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = wrongArguments ? 2 : 1
}
