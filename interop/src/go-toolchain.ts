import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../go', import.meta.url))
const BINARY = fileURLToPath(new URL('../go/bin/interop', import.meta.url))
const BUILD_WITHIN_MS = 10 * 60_000

/** The version line of the Go that is installed, or `undefined` without one. */
export function goVersion (): string | undefined {
  const { status, stdout } = spawnSync('go', ['version'], { encoding: 'utf8', cwd: FOLDER })
  return status === 0 ? stdout.trim() : undefined
}

/** Builds the go-libp2p peer. Go keeps what did not change. @returns the binary's path */
export function buildGoPeer (): string {
  const { status, stderr, error } = spawnSync('go', ['build', '-trimpath', '-o', BINARY, '.'], { encoding: 'utf8', cwd: FOLDER, timeout: BUILD_WITHIN_MS })
  if (status !== 0) throw new Error(`go build failed: ${error?.message ?? ''}\n${stderr}`)
  return BINARY
}
