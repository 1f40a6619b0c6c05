import { InvalidArgumentError } from 'commander'

const UNITS: ReadonlyMap<string, number> = new Map([['', 1], ['kib', 2 ** 10], ['mib', 2 ** 20], ['gib', 2 ** 30]])

/** A number of bytes: `1048576`, `1024KiB`, `1MiB`. @throws {InvalidArgumentError} with a sentence for the user */
export function parseBytes (text: string): number {
  const [, digits, unit = ''] = /^(\d+)\s*([a-z]*)$/i.exec(text) ?? []
  const bytes = Number(digits) * (UNITS.get(unit.toLowerCase()) ?? Number.NaN)
  if (!Number.isSafeInteger(bytes)) throw new InvalidArgumentError('It is no number of bytes, such as 1048576, 512KiB or 10MiB.')
  return bytes
}

/** A number of bytes for a second, 1 or more. @throws {InvalidArgumentError} with a sentence for the user */
export function parseRate (text: string): number {
  const bytes = parseBytes(text)
  if (bytes === 0) throw new InvalidArgumentError('Nothing would pass: it must be above 0.')
  return bytes
}

/** A whole number, 1 or more. @throws {InvalidArgumentError} with a sentence for the user */
export function parseCount (text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('It is no whole number above 0.')
  return count
}
