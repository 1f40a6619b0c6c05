import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GENERATED, withGenerated } from '../generated.ts'
import { packages, pages, ROOT } from '../house.ts'

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8')

/** Where the links of a page lead within the repository, from the top. */
function linkedFiles (page: string): string[] {
  const targets = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(match => match[1] ?? '')
  return targets.filter(target => !/^[a-z]+:/.test(target)).map(target => join(dirname(page), target))
}

describe('the pages', () => {
  for (const page of pages()) {
    describe(page, () => {
      it('has its generated parts up to date (npm run docs writes them)', () => {
        assert.equal(read(page), withGenerated(read(page)))
      })

      it('links to files that are there', () => {
        assert.deepEqual(linkedFiles(page).filter(file => !existsSync(join(ROOT, file))), [])
      })

      it('names commands of npm run that are there', () => {
        const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
        const named = [...read(page).matchAll(/npm run ([\w:-]+)/g)].map(match => match[1] ?? '')
        assert.deepEqual(named.filter(name => !(name in scripts)), [])
      })
    })
  }

  it('hold everything that is generated, once each', () => {
    const marks = pages().flatMap(page => [...read(page).matchAll(/^<!-- begin (\w+)/gm)].map(match => match[1]))
    assert.deepEqual(marks.toSorted(), Object.keys(GENERATED).toSorted())
  })
})

describe('the README of a package', () => {
  for (const { name, folder } of packages()) {
    it(`of ${name} is there, begins with the name, and has at most 120 lines`, () => {
      const lines = read(`packages/${folder}/README.md`).trimEnd().split('\n')
      assert.equal(lines[0], `# ${name}`)
      assert.ok(lines.length <= 120, `it has ${lines.length}`)
    })
  }
})
