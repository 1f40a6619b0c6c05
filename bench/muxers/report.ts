import type { Layer } from './connect.ts'
import type { MuxerRow, Sample } from './rows.ts'
import { SIDES, type SideId } from './sides.ts'

/** One row over one layer, as it stands in the JSON. */
export interface MuxerLine {
  readonly row: string
  readonly unit: MuxerRow['unit']
  readonly layer: Layer
  /** The best of the rounds of each side, each figure on its own: what it can do. */
  readonly best: Readonly<Record<SideId, Sample>>
  /** What is to be expected. */
  readonly typical: { readonly cost: Typical, readonly rate?: Typical | undefined }
}

/** Ours to the stock muxer; above 1 is better for ours. */
interface Typical {
  /** The geometric mean of the starts, each of which counts with the median of its rounds. */
  readonly ratio: number
  /** The standard error of that: how far off it may be by the luck of the processes. There is none of a single start. */
  readonly error?: number | undefined
}

/** @param starts - the samples of each start, with processes of its own */
export function muxerLine ({ name, unit }: MuxerRow, layer: Layer, starts: ReadonlyArray<Readonly<Record<SideId, readonly Sample[]>>>): MuxerLine {
  const rounds = (side: SideId): Sample[] => starts.flatMap(start => start[side])
  return {
    row: name, unit, layer,
    best: { weir: best(rounds('weir')), js: best(rounds('js')), adapted: best(rounds('adapted')) },
    typical: {
      cost: typical(starts.map(({ weir, js }) => weir.map((ours, i) => sum(js[i] as Sample) / sum(ours)))),
      rate: rounds('weir')[0]?.rate === undefined ? undefined : typical(starts.map(({ weir, js }) => weir.map(({ rate = Number.NaN }, i) => rate / (js[i]?.rate ?? Number.NaN))))
    }
  }
}

/** Each figure of ours and of the stock muxer, in its own interface and in our adapter. Above 1 is better for ours. */
export function muxerTable (lines: readonly MuxerLine[]): string {
  return [
    `| Row | over | ${Object.values(SIDES).map(({ name }) => name).join(' | ')} | ours : stock | mean of starts | ours : adapted |`,
    '|---|---|---|---|---|---|---|---|',
    ...lines.flatMap(({ row, unit, layer, best: { weir, js, adapted }, typical }) => [
      tableLine(row, layer, unit === 'idle stream' ? 'B, both ends' : `us on processors for one ${unit}, both ends`, sum(weir), sum(js), sum(adapted), typical.cost),
      ...(['dialer', 'listener'] as const).map(end => tableLine(`of it, the ${end}`, '', unit === 'idle stream' ? 'B' : 'us', weir[end], js[end], adapted[end])),
      ...weir.rate === undefined ? [] : [tableLine('on the clock', '', unit === 'MiB' ? 'MiB/s' : '/s', weir.rate, js.rate ?? 0, adapted.rate ?? 0, typical.rate, true)]
    ])
  ].join('\n')
}

function tableLine (name: string, layer: string, unit: string, weir: number, js: number, adapted: number, typical?: Typical, moreIsBetter = false): string {
  const figure = (value: number): string => Math.round(value).toLocaleString('en')
  const ratio = (other: number): string => `${(moreIsBetter ? weir / other : other / weir).toFixed(2)}x`
  return `| ${name}: ${unit} | ${layer} | ${figure(weir)} | ${figure(js)} | ${figure(adapted)} | ${ratio(js)} | ${typical === undefined ? '' : typicalText(typical)} | ${ratio(adapted)} |`
}

function sum ({ dialer, listener }: Sample): number {
  return dialer + listener
}

function best (samples: readonly Sample[]): Sample {
  const rates = samples.flatMap(({ rate }) => rate ?? [])
  return {
    rate: rates.length === 0 ? undefined : Math.max(...rates),
    dialer: Math.min(...samples.map(({ dialer }) => dialer)),
    listener: Math.min(...samples.map(({ listener }) => listener))
  }
}

function typicalText ({ ratio, error }: Typical): string {
  return `${ratio.toFixed(2)}x${error === undefined ? '' : ` ±${error.toFixed(2)}`}`
}

function typical (starts: readonly number[][]): Typical {
  const logs = starts.map(ratios => Math.log(median(ratios)))
  const mean = logs.reduce((total, log) => total + log, 0) / logs.length
  const ratio = Math.exp(mean)
  if (logs.length === 1) return { ratio }
  const variance = logs.reduce((total, log) => total + (log - mean) ** 2, 0) / (logs.length - 1)
  return { ratio, error: ratio * Math.sqrt(variance / logs.length) }
}

function median (values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] as number) + (sorted[Math.floor(middle)] as number)) / 2
}
