import { spawnSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

const COMMAND_WITHIN_MS = 10_000
const KILLED_WITHIN_MS = 5_000
const POLL_MS = 20

/** A namespace of a test bears the id of the process that made it. */
const OURS = /^weir-(\d+)-/

/** @returns its output @throws {Error} with what it says */
export function run (file: 'ip' | 'tc', ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: 'utf8', timeout: COMMAND_WITHIN_MS })
  if (status !== 0) throw new Error(`${[file, ...args].join(' ')}: ${error?.message ?? stderr.trim()}`)
  return stdout
}

export function addNamespace (name: string): void {
  run('ip', 'netns', 'add', name)
  run('ip', '-n', name, 'link', 'set', 'lo', 'up')
}

/** @param path - below /proc/sys/net's parent, such as `net/ipv4/ip_forward` */
export function setSysctl (namespace: string, path: string, value: number): void {
  run('ip', 'netns', 'exec', namespace, 'sh', '-c', `echo ${value} > /proc/sys/${path}`)
}

export function listNamespaces (): string[] {
  return run('ip', 'netns', 'list').split('\n').map(line => line.split(' ')[0] ?? '').filter(name => name !== '')
}

/** Those of test runs that ended before they could remove them. */
export function staleNamespaces (): string[] {
  return listNamespaces().filter(name => {
    const pid = OURS.exec(name)?.[1]
    return pid !== undefined && !isAlive(Number(pid))
  })
}

/** Removes those that there are; another run may do so at the same time. @throws {Error} when some are left */
export function deleteNamespaces (names: readonly string[]): void {
  if (names.length === 0) return
  const there = (): string[] => listNamespaces().filter(name => names.includes(name))
  for (const name of there()) spawnSync('ip', ['netns', 'delete', name], { timeout: COMMAND_WITHIN_MS })
  const left = there()
  if (left.length > 0) throw new Error(`these namespaces cannot be removed: ${left.join(', ')}`)
}

/** Kills what runs in them, and waits until it is gone. @throws {Error} when it is still there after a while */
export async function killIn (names: readonly string[]): Promise<void> {
  const deadlineMs = performance.now() + KILLED_WITHIN_MS
  for (let pids = pidsIn(names); pids.length > 0; pids = pidsIn(names)) {
    if (performance.now() > deadlineMs) throw new Error(`these processes do not end: ${pids.join(', ')}`)
    for (const pid of pids) {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    }
    await wait(POLL_MS)
  }
}

export function pidsIn (names: readonly string[]): number[] {
  const there = listNamespaces().filter(name => names.includes(name))
  return there.flatMap(name => run('ip', 'netns', 'pids', name).split('\n').filter(line => line !== '').map(Number))
}

/** Why namespaces and the links between them cannot be made here; `undefined` where they can. */
export function whyNoNamespaces (): string | undefined {
  const name = `weir-${process.pid}-probe`
  try {
    addNamespace(name)
    run('ip', '-n', name, 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'two')
    setSysctl(name, 'net/ipv4/ip_forward', 1)
    return undefined
  } catch (error) {
    return (error as Error).message
  } finally {
    spawnSync('ip', ['netns', 'delete', name], { timeout: COMMAND_WITHIN_MS })
  }
}

function isAlive (pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
