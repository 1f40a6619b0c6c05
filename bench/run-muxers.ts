import { writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform } from 'node:os'
import type { Layer } from './muxers/connect.ts'
import { MUXERS_USAGE, muxerOptions } from './muxers/options.ts'
import { type MuxerLine, muxerLine, muxerTable } from './muxers/report.ts'
import type { MuxerPair, MuxerRow, MuxerSize, Sample } from './muxers/rows.ts'
import { SIDES, type SideId } from './muxers/sides.ts'
import { Child } from './src/child-process.ts'

// Our muxer beside the stock one, over an encrypted connection and over a plain one. Progress goes to standard error, the table and
// then the JSON to standard output. No figure makes the run fail, a wrong answer does.

const CHILD = new URL('./muxers/child.ts', import.meta.url)
const IDS = Object.keys(SIDES) as SideId[]

async function startPair (id: SideId, layer: Layer): Promise<MuxerPair> {
  const [listener, dialer] = await Promise.all([Child.start(new URL(`#${id}`, CHILD), CHILD), Child.start(new URL(`#${id}`, CHILD), CHILD)])
  await dialer.call('connect', layer, await listener.call<string>('listen', layer))
  return { listener, dialer }
}

/** @returns the samples of each row, from processes of their own */
async function measureAll (layer: Layer, rounds: number, size: MuxerSize, rows: readonly MuxerRow[]): Promise<Map<MuxerRow, Record<SideId, Sample[]>>> {
  const samples = new Map(rows.map(row => [row, { weir: [], js: [], adapted: [] } as Record<SideId, Sample[]>]))
  await using undo = new AsyncDisposableStack()
  const pairs = await Promise.all(IDS.map(async id => {
    const pair = await startPair(id, layer)
    undo.defer(() => pair.dialer.end())
    undo.defer(() => pair.listener.end())
    return { id, pair }
  }))
  for (const [row, ofSides] of samples) {
    // The first round loads and compiles. Sides take turns in an order that rotates.
    for (let round = 0; round <= rounds; round++) {
      for (let turn = 0; turn < pairs.length; turn++) {
        const { id, pair } = pairs[(round + turn) % pairs.length] as typeof pairs[number]
        const sample = await row.measure(pair, size)
        if (round === 0) continue
        ofSides[id].push(sample)
        process.stderr.write(`${row.id} over ${layer}, round ${round}/${rounds}, ${SIDES[id].name}: ${sample.rate === undefined ? '' : `${sample.rate.toFixed(0)} ${row.unit}s a second, `}dialer ${sample.dialer.toFixed(0)}, listener ${sample.listener.toFixed(0)} for one\n`)
      }
    }
  }
  return samples
}

async function main (): Promise<void> {
  const { starts, rounds, rows, layers, size, json } = muxerOptions(process.argv.slice(2))
  const lines: MuxerLine[] = []
  for (const layer of layers) {
    const measured: Awaited<ReturnType<typeof measureAll>>[] = []
    // New processes now and then: one and the same work takes a fifth more in some of them, for all their life.
    for (let start = 1; start <= starts; start++) {
      process.stderr.write(`over ${layer}, processes ${start}/${starts}\n`)
      measured.push(await measureAll(layer, rounds, size, rows))
    }
    for (const row of rows) lines.push(muxerLine(row, layer, measured.flatMap(start => start.get(row) ?? [])))
  }
  const machine = { node: process.version, platform: `${platform()} ${arch()}`, cpu: cpus()[0]?.model ?? '', cpus: cpus().length, load: loadavg() }
  const text = JSON.stringify({ machine, starts, rounds, size, lines })
  process.stdout.write(['', muxerTable(lines), '', `${machine.cpus} x ${machine.cpu}, ${machine.platform}, Node ${machine.node}, ${rounds} rounds in each of ${starts} starts, load ${machine.load.map(load => load.toFixed(1)).join(' ')}`, '', text, ''].join('\n'))
  if (json !== undefined) writeFileSync(json, `${text}\n`)
}

try {
  await main()
} catch (error) {
  const wrongArguments = error instanceof TypeError || error instanceof RangeError
  process.stderr.write(wrongArguments ? `${error.message}\n${MUXERS_USAGE}\n` : `${error instanceof Error ? error.stack : error}\n`)
  process.exitCode = wrongArguments ? 2 : 1
}
