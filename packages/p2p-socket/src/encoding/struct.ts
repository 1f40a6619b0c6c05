import { type CoderType, struct as packedStruct } from 'micro-packed'
import type { Encoding } from './encoding.ts'

/** The fields one after the other, in the order in which they are listed. Only the last may be variable. */
export function struct<T extends object> (fields: { readonly [K in keyof T]: Encoding<T[K]> }): Encoding<T> {
  const encodings = Object.values(fields) as Encoding<never>[]
  if (encodings.slice(0, -1).some(({ kind }) => kind === 'variable')) throw new TypeError('only the last field may be variable')
  const coders = Object.fromEntries((Object.entries(fields) as [string, Encoding<never>][]).map(([name, { coder }]) => [name, coder]))
  return {
    coder: packedStruct(coders) as unknown as CoderType<T>,
    kind: encodings.at(-1)?.kind === 'variable' ? 'variable' : encodings.every(({ kind }) => kind === 'fixed') ? 'fixed' : 'dynamic',
    endOf (bytes, pos) {
      let end = pos
      for (const each of encodings) {
        end = each.endOf(bytes, end)
        if (end > bytes.length && each.kind !== 'fixed') return end
      }
      return end
    }
  }
}
