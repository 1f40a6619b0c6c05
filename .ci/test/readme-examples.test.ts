import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { packages, ROOT } from '../house.ts'

const run = promisify(execFile)

/** The programs of a page: blocks marked `ts`. Sketches of interfaces are marked `typescript`. */
function programs (page: string): string[] {
  return [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(match => match[1] ?? '')
}

describe('the programs in the READMEs', () => {
  const libraries = packages().filter(({ commands }) => commands.length === 0)
  for (const page of ['README.md', ...libraries.map(({ folder }) => `packages/${folder}/README.md`)]) {
    const found = programs(page)

    it(`${page} has one`, () => {
      assert.ok(found.length > 0)
    })

    for (const [i, program] of found.entries()) {
      it(`${page}, program ${i + 1}, runs and ends by itself`, async () => {
        // The folder decides what can be imported: the packages that this README's package declares.
        const cwd = page === 'README.md' ? join(ROOT, 'examples') : join(ROOT, dirname(page))
        await run(process.execPath, ['--conditions=@weir/source', '--input-type=module-typescript', '--unhandled-rejections=strict', '--eval', program], { cwd, timeout: 30_000 })
      })
    }
  }
})
