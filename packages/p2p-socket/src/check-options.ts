/** @throws {TypeError} naming the first key that is not known */
export function checkKeys (what: string, options: object, known: ReadonlySet<string>): void {
  for (const key of Object.keys(options)) {
    if (!known.has(key)) throw new TypeError(`unknown option ${key} of ${what}: known are ${[...known].join(', ')}`)
  }
}

/** @throws {RangeError} when it is no number above zero */
export function checkAboveZero (name: string, value: number): void {
  if (!(typeof value === 'number' && value > 0)) throw new RangeError(`${name} must be above 0, got ${value}`)
}
