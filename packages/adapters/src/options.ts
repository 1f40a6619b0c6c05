/**
 * Checks an options object once: unknown keys are a mistake of the caller, and so are numbers that cannot be meant.
 *
 * @param what - whose options, for the message
 * @param numbers - the numbers it may hold, with their defaults; `...Ms` may be `Infinity`, the rest are whole and at least 1
 * @param others - the other keys it may hold
 * @returns every number
 * @throws {TypeError} naming an unknown key
 * @throws {RangeError} naming a wrong number
 */
export function checkOptions<K extends string> (what: string, init: object, numbers: Readonly<Record<K, number>>, others: readonly string[] = []): Record<K, number> {
  const checked: Record<K, number> = { ...numbers }
  for (const [key, value] of Object.entries(init)) {
    if (others.includes(key)) continue
    if (!Object.hasOwn(numbers, key)) throw new TypeError(`${what} has no option ${key}`)
    if (value === undefined) continue
    if (!isMeant(key, value)) throw new RangeError(`${what}: ${key} must be ${key.endsWith('Ms') ? 'a positive number' : 'a whole number of at least 1'}, got ${String(value)}`)
    checked[key as K] = value
  }
  return checked
}

function isMeant (key: string, value: unknown): value is number {
  return key.endsWith('Ms') ? typeof value === 'number' && value > 0 : Number.isSafeInteger(value) && (value as number) >= 1
}

/** Some of the defaults, for `checkOptions`. */
export function pick<T extends object, K extends keyof T> (from: T, ...keys: K[]): Pick<T, K> {
  return Object.fromEntries(keys.map(key => [key, from[key]])) as Pick<T, K>
}
