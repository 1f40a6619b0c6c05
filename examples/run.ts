// Runs every example in turn, as a user would, and prints `NN ok`. Ends with a code other than 0 when one fails.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

const TIMEOUT_MS = 30_000
let failed = 0
for (const file of readdirSync(import.meta.dirname).filter(name => /^\d\d-.*\.ts$/.test(name)).sort()) {
  const number = file.slice(0, 2)
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--conditions=@weir/source', file], { cwd: import.meta.dirname, timeout: TIMEOUT_MS, encoding: 'utf8' })
  if (status === 0) {
    console.log(`${number} ok`)
  } else {
    failed++
    console.log(`${number} failed (${signal ?? `exit code ${status}`})\n${stdout}${stderr}`)
  }
}
process.exitCode = failed === 0 ? 0 : 1
