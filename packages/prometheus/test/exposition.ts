/** What a scrape answered: the value of each line by its name and labels, and the type of each metric. */
export interface Exposition {
  readonly values: ReadonlyMap<string, number>
  readonly types: ReadonlyMap<string, string>
}

/** Reads the text format, and throws at what is none. */
export function parseExposition (text: string): Exposition {
  const values = new Map<string, number>()
  const types = new Map<string, string>()
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# HELP ')) continue
    const type = /^# TYPE (\w+) (\w+)$/.exec(line)
    if (type !== null) {
      types.set(type[1] ?? '', type[2] ?? '')
      continue
    }
    const sample = /^(\w+(?:\{[^{}]*\})?) (\S+)$/.exec(line)
    if (sample === null) throw new Error(`no line of the format: ${line}`)
    const [, series = '', value = ''] = sample
    if (values.has(series)) throw new Error(`twice: ${series}`)
    values.set(series, Number(value.replace('+Inf', 'Infinity')))
  }
  return { values, types }
}
