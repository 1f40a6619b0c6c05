import { writeFileSync } from 'node:fs'
import { arch, cpus, platform } from 'node:os'
import { parseArgs } from 'node:util'
import type { P2pBenchSide } from './p2p/bench-side.ts'
import { ListenerProcess } from './p2p/listener-process.ts'
import { handshakes, memoryPerConnection, messages, proofOfWorkHashes, schedulerShares, type Work } from './p2p/measure.ts'
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
  const sides = [[weirSide, weir], [modelSide, model]] as const
  const compare = async (row: string, unit: string, goal: number, scale: number, measure: (side: P2pBenchSide, port: number, durationMs: number) => Promise<Work>): Promise<void> => {
    for (const [side, { port }] of sides) await measure(side, port, durationMs / 4) // the first run loads and compiles
    const bestOf = [new Best(), new Best()]
    for (let round = 0; round < rounds; round++) {
      for (const [i, [side, listener]] of sides.entries()) {
        const [own, other] = [cpuUs(), await listener.cpuUs()]
        const { count, seconds } = await measure(side, listener.port, durationMs)
        bestOf[i]?.add(count * scale / seconds, (cpuUs() - own) / count, (await listener.cpuUs() - other) / count)
      }
      process.stderr.write(`${row}, round ${round + 1}/${rounds}: ${bestOf.map(best => best.toString()).join('; model ')}\n`)
    }
    lines.push({ row, weir: bestOf[0]?.rate ?? Number.NaN, model: bestOf[1]?.rate, unit, goal })
    for (const [i, who] of ['dialer', 'listener'].entries()) lines.push({ row: `the same: ${who}'s time on processors for one`, weir: bestOf[0]?.cpuUs[i] ?? Number.NaN, model: bestOf[1]?.cpuUs[i], unit: 'us' })
  }
  await compare('handshakes, one after another', '/s', 1_000, 1, handshakes)
  await compare('messages of 64 KiB', 'MB/s', 400, 65_536 / 1e6, async (side, port, ms) => await messages(side, port, 65_536, ms))
  await compare('messages of 64 bytes', '/s', 100_000, 1, async (side, port, ms) => await messages(side, port, 64, ms))
  lines.push({ row: 'idle connection of the listener: heap and external', weir: await memoryPerConnection(weirSide, weir, conns), model: await memoryPerConnection(modelSide, model, conns), unit: 'B' })
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

/** The best of some rounds, each figure on its own. */
class Best {
  rate = 0
  cpuUs: readonly [dialer: number, listener: number] = [Infinity, Infinity]

  add (rate: number, dialerUs: number, listenerUs: number): void {
    this.rate = Math.max(this.rate, rate)
    this.cpuUs = [Math.min(this.cpuUs[0], dialerUs), Math.min(this.cpuUs[1], listenerUs)]
  }

  toString (): string {
    return `${this.rate.toFixed(0)} (${this.cpuUs.map(us => us.toFixed(1)).join(' and ')} us of processors)`
  }
}

function cpuUs (): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function tableLine ({ row, weir, model, unit, goal }: Line): string {
  const figure = (value: number | undefined): string => value === undefined ? '' : `${(value < 100 ? Number(value.toFixed(1)) : Math.round(value)).toLocaleString('en')} ${unit}`
  return `| ${row} | ${figure(weir)} | ${figure(model)} | ${model === undefined ? '' : `${(weir / model).toFixed(2)}x`} | ${figure(goal)} |`
}

try {
  await main()
} catch (error) {
  const wrongArguments = error instanceof TypeError || error instanceof RangeError
  process.stderr.write(wrongArguments ? `${error.message}\n${USAGE}\n` : `${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = wrongArguments ? 2 : 1
}
