/**
 * Fills in defaults that are whole numbers of 1 or more.
 *
 * @throws {TypeError} at a key that has no default
 * @throws {RangeError} at a number that is no such number
 */
export function resolveLimits<T extends { readonly [K in keyof T]: number }> (defaults: T, given: { readonly [key: string]: unknown }): T {
  const limits: Record<string, unknown> = { ...defaults }
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, key)) throw new TypeError(`unknown option ${key}`)
    if (value === undefined) continue
    if (!Number.isSafeInteger(value) || Number(value) < 1) throw new RangeError(`${key} must be a whole number of 1 or more, got ${String(value)}`)
    limits[key] = value
  }
  return Object.freeze(limits) as T
}
