import { InvalidArgumentError } from 'commander'

const UNITS_MS: ReadonlyMap<string, number> = new Map([['s', 1_000], ['m', 60_000], ['h', 3_600_000], ['d', 86_400_000]])

/** A duration in milliseconds: `30s`, `15m`, `24h`, `7d`. @throws {InvalidArgumentError} with a sentence for the user */
export function parseDuration (text: string): number {
  const [, digits, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  const ms = Number(digits) * (UNITS_MS.get(unit) ?? Number.NaN)
  if (!Number.isSafeInteger(ms) || ms === 0) throw new InvalidArgumentError('It is no duration, such as 30s, 15m, 24h or 7d.')
  return ms
}
