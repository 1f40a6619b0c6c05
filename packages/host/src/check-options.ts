/** @throws {TypeError} naming the first key that is not known */
export function checkKeys (what: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new TypeError(`unknown option ${key} of ${what}: known are ${known.join(', ')}`)
  }
}

/** @throws {RangeError} when it is no time above zero */
export function checkDurationMs (name: string, ms: number): number {
  if (typeof ms !== 'number' || !(ms > 0)) throw new RangeError(`${name} must be above 0, got ${ms}`)
  return ms
}

/** @throws {RangeError} when it is neither a whole number of 0 or more nor, where that is allowed, Infinity */
export function checkBytes (name: string, bytes: number, { unlimited = false }: { unlimited?: boolean } = {}): number {
  if (!(Number.isSafeInteger(bytes) && bytes >= 0) && !(unlimited && bytes === Infinity)) throw new RangeError(`${name} must be whole bytes, got ${bytes}`)
  return bytes
}
