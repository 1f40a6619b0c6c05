/** What a client asks of a running node: one line of JSON. */
export interface ControlRequest {
  /** The client's own; it comes back with the answer. */
  readonly id: number
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}

/** The answer: one line of JSON, with the result or the error. */
export type ControlResponse =
  | { readonly id: number, readonly result: unknown }
  | { readonly id: number | null, readonly error: { readonly code: string, readonly message: string } }

/** @returns `undefined` when the line is no request */
export function parseControlRequest (line: string): ControlRequest | undefined {
  const value = parseObject(line)
  if (value === undefined) return undefined
  const { id, method, params = {} } = value
  if (!Number.isSafeInteger(id) || typeof method !== 'string' || !isObject(params)) return undefined
  return { id: id as number, method, params }
}

/** @returns `undefined` when the line is no answer */
export function parseControlResponse (line: string): ControlResponse | undefined {
  const value = parseObject(line)
  if (value === undefined) return undefined
  const { id, error } = value
  if (isObject(error)) return { id: typeof id === 'number' ? id : null, error: { code: String(error.code), message: String(error.message) } }
  return typeof id === 'number' && 'result' in value ? { id, result: value.result } : undefined
}

/** A line. What JSON lacks is said in its terms: no limit is `"unlimited"`, a map an object. */
export function controlLine (message: ControlRequest | ControlResponse): string {
  return `${JSON.stringify(message, (_key, value: unknown) => {
    if (value === Infinity) return 'unlimited'
    return value instanceof Map ? Object.fromEntries(value) : value
  })}\n`
}

function parseObject (line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
