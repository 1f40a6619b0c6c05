import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const PACKAGE = new URL('..', import.meta.url)

describe('README.md', () => {
  it('has an example that runs, and finds what is wrong with its gater', async () => {
    const readme = await readFile(new URL('README.md', PACKAGE), 'utf8')
    const [, code] = /```ts\n(.*?)```/s.exec(readme) ?? []
    assert(code !== undefined)
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@weir/source', '--input-type=module-typescript', '--eval', code], { cwd: PACKAGE })
    const lines = stdout.trim().split('\n')
    assert(lines.filter(line => line.startsWith('passed: ')).length > 15, stdout)
    assert.deepEqual(lines.filter(line => line.startsWith('FAILED: ')).map(line => line.split(' - ')[0]), ['FAILED: interceptAccept lets pass what no rule is against'])
  })

  it('names every suite, and keeps to its length', async () => {
    const readme = await readFile(new URL('README.md', PACKAGE), 'utf8')
    const index = await readFile(new URL('src/index.ts', PACKAGE), 'utf8')
    for (const [name] of index.matchAll(/\w+Cases\b/g)) assert(readme.includes(`\`${name}\``), name)
    assert(readme.trimEnd().split('\n').length <= 120)
  })
})
