import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import * as socket from '../src/index.ts'

// The README's table promises that nothing of seed 002 is missing. This test holds the seed's names as data, reads the table, and
// looks for every name on its right side in what index.ts exports.

/** Every type and value of the seed, and the reasons that it closes with. */
const SEED = `authenticated_connection t equal pp info local_metadata remote_metadata private_node authenticate nack accept check_binary_chunks_size
  write write_now encoded_message copy_encoded_message encode write_encoded_now write_sync read read_now stat add_closing_reason close
  P2p_disconnection_reason`.split(/\s+/)

const SRC = new URL('../src/', import.meta.url)
const sources = readdirSync(SRC).filter(file => file.endsWith('.ts')).map(file => readFileSync(new URL(file, SRC), 'utf8')).join('\n')
const exportedTypes = new Set([...readFileSync(new URL('index.ts', SRC), 'utf8').matchAll(/\btype (\w+)/g)].map(([, name]) => name))

interface Row { readonly seed: string[], readonly ours: string[] }

function readTable (markdown: string): Row[] {
  const names = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '')
  const [, body = ''] = /^\| Seed 002 \| here \|\n\|.*\n((?:\|.*\n)+)/m.exec(markdown) ?? []
  return body.trimEnd().split('\n').map(line => {
    const [, seed, ours] = line.split('|')
    return { seed: names(seed), ours: names(ours) }
  })
}

function isExported (name: string): boolean {
  const [root = '', member] = name.split('.')
  if (member === undefined) return root in socket || exportedTypes.has(root)
  const [, body = ''] = new RegExp(`^export interface ${root}\\b[^{]*\\{([\\s\\S]*?)^\\}`, 'm').exec(sources) ?? []
  return exportedTypes.has(root) && new RegExp(`^ {2}(?:readonly )?${member}\\??(?: \\(|:)`, 'm').test(body)
}

function faults (markdown: string): string[] {
  const rows = readTable(markdown)
  const listed = rows.flatMap(({ seed }) => seed)
  return [
    ...SEED.filter(name => !listed.includes(name)).map(name => `the table lacks the seed's ${name}`),
    ...listed.filter(name => !SEED.includes(name)).map(name => `the table has ${name}, which the seed has not`),
    ...rows.filter(({ ours }) => ours.length === 0).map(({ seed }) => `the table gives nothing for ${seed}`),
    ...rows.flatMap(({ ours }) => ours).filter(name => !isExported(name)).map(name => `the table names ${name}, which is not exported`)
  ]
}

describe('the names of seed 002', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const plant = (from: string, to: string): string[] => {
    assert.ok(readme.includes(from), `${from} is in the README`)
    return faults(readme.replace(from, to))
  }

  it('are all in the table of the README, each with what is exported here', () => {
    assert.deepEqual(faults(readme), [])
  })

  it('would be missed, and false ones found', () => {
    assert.deepEqual(plant('| `write_sync` |', '| |').slice(0, 1), ['the table lacks the seed\'s write_sync'])
    assert.deepEqual(plant('| `P2pConnection.write` |', '| `P2pConnection.wriite` |'), ['the table names P2pConnection.wriite, which is not exported'])
    assert.deepEqual(plant('| `read` |', '| `read` `reed` |'), ['the table has reed, which the seed has not'])
    assert.deepEqual(plant('| `P2pConnection.equal` |', '| |'), ['the table gives nothing for equal'])
  })
})
