import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const INSTALL_WITHIN_MS = 5 * 60_000

function folderOf (name: 'chainsafe' | 'compliance'): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url))
}

function installed (folder: string): boolean {
  const { dependencies } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { dependencies: Record<string, string> }
  return Object.entries(dependencies).every(([name, version]) => {
    const file = `${folder}/node_modules/${name}/package.json`
    return existsSync(file) && (version.startsWith('file:') || (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version === version)
  })
}

/** Installs a folder that is outside the workspaces as its lock file says, where that is not done yet. */
export function installOutside (name: 'chainsafe' | 'compliance'): void {
  const folder = folderOf(name)
  if (installed(folder)) return
  const { status, stderr, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { encoding: 'utf8', cwd: folder, timeout: INSTALL_WITHIN_MS })
  if (status !== 0) throw new Error(`npm ci failed in interop/${name}: ${error?.message ?? ''}\n${stderr}`)
}
