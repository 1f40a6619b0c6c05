import { readFileSync, writeFileSync } from 'node:fs'
import { withGenerated } from './generated.ts'
import { pages, ROOT } from './house.ts'

// Writes the generated parts of the pages anew. That they are up to date is a test: test/docs.test.ts.

for (const page of pages()) {
  const before = readFileSync(`${ROOT}${page}`, 'utf8')
  const after = withGenerated(before)
  if (after === before) continue
  writeFileSync(`${ROOT}${page}`, after)
  console.log(`wrote ${page}`)
}
