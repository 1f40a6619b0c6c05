import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../go', import.meta.url))
const BINARY = fileURLToPath(new URL('../go/bin/scopes', import.meta.url))
const BUILD_WITHIN_MS = 10 * 60_000

/** Builds our benchmark of go-libp2p's manager; Go keeps what did not change. @returns the binary's path, `undefined` where there is no Go at all */
export function buildGoSubject (): string | undefined {
  const { status, stderr, error } = spawnSync('go', ['build', '-trimpath', '-o', BINARY, '.'], { encoding: 'utf8', cwd: FOLDER, timeout: BUILD_WITHIN_MS })
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined
  if (status !== 0) throw new Error(`go build failed: ${error?.message ?? ''}\n${stderr}`)
  return BINARY
}
