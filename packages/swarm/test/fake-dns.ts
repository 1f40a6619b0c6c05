import type { DNS } from '@multiformats/dns'

/** Name servers that know these records: `TXT name`, `A name` or `AAAA name`; whatever else is asked fails as a name that is not there. */
export function fakeDNS (records: Readonly<Record<string, readonly unknown[]>>): DNS & { readonly questions: string[] } {
  const questions: string[] = []
  const names: Readonly<Record<number, string>> = { 1: 'A', 16: 'TXT', 28: 'AAAA' }
  return {
    questions,
    query: async (name: string, { types }: { types?: number | number[] } = {}) => {
      const [type = 1] = [types ?? 1].flat()
      const question = `${names[type]} ${name}`
      questions.push(question)
      const found = records[question]
      if (found === undefined) throw new Error(`ENOTFOUND ${question}`)
      return { Answer: found.map(data => ({ name, type, TTL: 60, data })) }
    }
  } as never
}
