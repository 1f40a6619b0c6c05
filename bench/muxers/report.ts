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
  /** Ours to the stock muxer, round by round, and the median of that: what is to be expected. Above 1 is better for ours. */
  readonly typical: { readonly cost: number, readonly rate?: number | undefined }
}

export function muxerLine ({ name, unit }: MuxerRow, layer: Layer, rounds: Readonly<Record<SideId, readonly Sample[]>>): MuxerLine {
  const { weir, js } = rounds
  const rates = weir.flatMap(({ rate }, i) => rate === undefined ? [] : rate / (js[i]?.rate ?? Number.NaN))
  return {
    row: name, unit, layer,
    best: { weir: best(weir), js: best(js), adapted: best(rounds.adapted) },
    typical: { cost: median(weir.map((ours, i) => sum(js[i] as Sample) / sum(ours))), rate: rates.length === 0 ? undefined : median(rates) }
  }
}

/** Each figure of ours and of the stock muxer, in its own interface and in our adapter. Above 1 is better for ours. */
export function muxerTable (lines: readonly MuxerLine[]): string {
  return [
    `| Row | over | ${Object.values(SIDES).map(({ name }) => name).join(' | ')} | ours : stock | median of rounds | ours : adapted |`,
    '|---|---|---|---|---|---|---|---|',
    ...lines.flatMap(({ row, unit, layer, best: { weir, js, adapted }, typical }) => [
      tableLine(row, layer, unit === 'idle stream' ? 'B, both ends' : `us on processors for one ${unit}, both ends`, sum(weir), sum(js), sum(adapted), typical.cost),
      ...(['dialer', 'listener'] as const).map(end => tableLine(`of it, the ${end}`, '', unit === 'idle stream' ? 'B' : 'us', weir[end], js[end], adapted[end])),
      ...weir.rate === undefined ? [] : [tableLine('on the clock', '', unit === 'MiB' ? 'MiB/s' : '/s', weir.rate, js.rate ?? 0, adapted.rate ?? 0, typical.rate, true)]
    ])
  ].join('\n')
}

function tableLine (name: string, layer: string, unit: string, weir: number, js: number, adapted: number, typical?: number, moreIsBetter = false): string {
  const figure = (value: number): string => Math.round(value).toLocaleString('en')
  const ratio = (other: number): string => `${(moreIsBetter ? weir / other : other / weir).toFixed(2)}x`
  return `| ${name}: ${unit} | ${layer} | ${figure(weir)} | ${figure(js)} | ${figure(adapted)} | ${ratio(js)} | ${typical === undefined ? '' : `${typical.toFixed(2)}x`} | ${ratio(adapted)} |`
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

function median (values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] as number) + (sorted[Math.floor(middle)] as number)) / 2
}
