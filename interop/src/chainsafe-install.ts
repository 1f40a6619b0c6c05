import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../chainsafe', import.meta.url))
const INSTALL_WITHIN_MS = 5 * 60_000

function installed (): boolean {
  const { dependencies } = JSON.parse(readFileSync(`${FOLDER}/package.json`, 'utf8')) as { dependencies: Record<string, string> }
  return Object.entries(dependencies).every(([name, version]) => {
    const file = `${FOLDER}/node_modules/${name}/package.json`
    return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version === version
  })
}

/** Installs Noise and Yamux under their former names as the lock file says, where they are not there yet. */
export function installChainsafe (): void {
  if (installed()) return
  const { status, stderr, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { encoding: 'utf8', cwd: FOLDER, timeout: INSTALL_WITHIN_MS })
  if (status !== 0) throw new Error(`npm ci failed in interop/chainsafe: ${error?.message ?? ''}\n${stderr}`)
}
