/** The text of a file, `undefined` when it cannot be read. */
export type ReadText = (path: string) => string | undefined

/**
 * How much memory the control groups of this process leave it; `Infinity` when they set no limit or there are none.
 *
 * Version 1 and 2, at their usual place below `/sys/fs/cgroup`. The limit of every group above counts too, and of version 2
 * also `memory.high`: beyond it a process is slowed down until it stands still.
 */
export function cgroupMemoryBytes (readText: ReadText): number {
  const groups = readText('/proc/self/cgroup') ?? ''
  const limits = groups.split('\n').flatMap(line => {
    const { id, controllers, path } = /^(?<id>\d+):(?<controllers>[^:]*):(?<path>.*)$/.exec(line)?.groups ?? {}
    if (path === undefined || controllers === undefined) return []
    if (id === '0' && controllers === '') return filesAlong('/sys/fs/cgroup', path, ['memory.max', 'memory.high'])
    if (controllers.split(',').includes('memory')) return filesAlong('/sys/fs/cgroup/memory', path, ['memory.limit_in_bytes'])
    return []
  }).map(file => limitIn(readText(file)))
  return Math.min(Infinity, ...limits)
}

// In a container the path is often the host's, and its groups are not there: those that are count, up to the root.
function filesAlong (root: string, path: string, names: readonly string[]): string[] {
  const parts = path.split('/').filter(part => part !== '' && part !== '.' && part !== '..')
  return [...parts.keys(), parts.length].flatMap(depth => names.map(name => [root, ...parts.slice(0, depth), name].join('/')))
}

function limitIn (text: string | undefined): number {
  const bytes = text !== undefined && /^\d+\s*$/.test(text) ? Number(text) : Infinity // version 2 says `max` for none
  return bytes > 0 ? bytes : Infinity
}
