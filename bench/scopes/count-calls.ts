/** How often an operation looks something up or writes it in a map, and how many counts of scopes it checks or changes. */
export interface Calls {
  readonly mapCalls: number
  readonly scopeVisits: number
}

type Methods = Record<string, (...args: unknown[]) => unknown>

/** Calls `onCall` before each of these methods, but not for those that they call of each other. @returns how to stop */
function watch (prototype: object, names: readonly string[], onCall: () => void): () => void {
  const methods = prototype as Methods
  let inside = false
  const originals = names.map(name => {
    const original = methods[name]
    if (original === undefined) throw new TypeError(`there is no ${name}`)
    methods[name] = function (...args): unknown {
      if (inside) return original.apply(this, args)
      inside = true
      onCall()
      try {
        return original.apply(this, args)
      } finally {
        inside = false
      }
    }
    return [name, original] as const
  })
  return () => {
    for (const [name, original] of originals) methods[name] = original
  }
}

/**
 * The methods of the manager's counts, found through a scope: the one place where this knows how the manager is made.
 *
 * @throws {TypeError} when it is made otherwise
 */
function counterMethods (scope: object): { prototype: object, names: string[] } {
  const counter: unknown = (scope as { counter?: unknown }).counter
  if (typeof counter !== 'object' || counter === null) throw new TypeError('scopes have no counter any more: count-calls.ts has to find their visits in another way')
  const prototype: object = Object.getPrototypeOf(Object.getPrototypeOf(counter)) // of all counts, not of those of scopes alone
  const names = Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor' && name !== 'stat')
    .map(([name]) => name)
  return { prototype, names }
}

/** Counts while `work` runs. Slows the whole process down: not in one that measures time. @param scope - one of the manager's */
export function countCalls (scope: object, work: () => void): Calls {
  let mapCalls = 0
  let scopeVisits = 0
  const { prototype, names } = counterMethods(scope)
  const stops = [
    watch(Map.prototype, ['get', 'set', 'has', 'delete'], () => { mapCalls++ }),
    watch(Set.prototype, ['add', 'has', 'delete'], () => { mapCalls++ }),
    watch(prototype, names, () => { scopeVisits++ })
  ]
  try {
    work()
  } finally {
    for (const stop of stops) stop()
  }
  return { mapCalls, scopeVisits }
}
