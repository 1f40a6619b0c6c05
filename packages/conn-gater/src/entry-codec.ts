import type { Entry } from './entry.ts'

const VERSION = 1
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** How an operator's entry stands in a datastore: JSON with a version, without what is not said. */
export function encodeEntry ({ reason, untilMs }: Entry): Uint8Array {
  return encoder.encode(JSON.stringify({ version: VERSION, ...(reason === '' ? {} : { reason }), ...(untilMs === Infinity ? {} : { untilMs }) }))
}

/** @throws {TypeError} or {SyntaxError} at anything that `encodeEntry` would not have written */
export function decodeEntry (value: Uint8Array): Entry {
  const parsed: unknown = JSON.parse(decoder.decode(value))
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError('it is no object')
  const { version, reason = '', untilMs = Infinity } = parsed as Record<string, unknown>
  if (version !== VERSION) throw new TypeError(`version ${String(version)} is not ${VERSION}`)
  if (typeof reason !== 'string') throw new TypeError('the reason is no text')
  if (typeof untilMs !== 'number') throw new TypeError('the end is no number')
  for (const key in parsed) if (key !== 'version' && key !== 'reason' && key !== 'untilMs') throw new TypeError(`${key} is not known`)
  return { kind: 'manual', reason, untilMs }
}
