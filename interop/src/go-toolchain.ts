import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../go', import.meta.url))
const BINARY = fileURLToPath(new URL('../go/bin/interop', import.meta.url))
const BUILD_WITHIN_MS = 10 * 60_000

/** Whether there is a Go at all; whether it is new enough shows when it builds. */
export function isGoInstalled (): boolean {
  return (spawnSync('go', ['version']).error as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT'
}

/** Builds the go-libp2p peer. Go keeps what did not change. @returns the binary's path */
export function buildGoPeer (): string {
  const { status, stderr, error } = spawnSync('go', ['build', '-trimpath', '-o', BINARY, '.'], { encoding: 'utf8', cwd: FOLDER, timeout: BUILD_WITHIN_MS })
  if (status !== 0) throw new Error(`go build failed: ${error?.message ?? ''}\n${stderr}`)
  return BINARY
}
