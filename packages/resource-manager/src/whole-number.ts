/** @throws {RangeError} naming the number, when it is neither a whole one of 0 or more nor, where that is allowed, `Infinity` */
export function checkWhole (name: string, value: unknown, { unlimited = false }: { readonly unlimited?: boolean } = {}): void {
  if (Number.isSafeInteger(value) && (value as number) >= 0 || unlimited && value === Infinity) return
  throw new RangeError(`${name} must be a whole number of 0 or more${unlimited ? ', or Infinity' : ''}, got ${String(value)}`)
}
