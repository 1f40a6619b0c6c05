import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { YAMUX_DEFAULTS, YAMUX_DEMANDS } from '../src/index.ts'

const digits = (n: number): string => n.toLocaleString('en')

describe('README.md', () => {
  it('has every option with its default, and the numbers of the demands', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const rows = readme.split('\n').filter(line => line.startsWith('| `'))
    for (const [name, value] of Object.entries(YAMUX_DEFAULTS)) assert(rows.some(row => row.includes(`\`${name}\``) && row.includes(` ${digits(value)} |`)), name)
    for (const value of Object.values(YAMUX_DEMANDS.unreserved)) assert(readme.includes(digits(value)), digits(value))
    assert(readme.includes('4,096 resets'))
  })
})
