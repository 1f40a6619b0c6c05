/** The causes that are looked at: chains are short, and a circular one must not hold anybody up. */
const MAX_CAUSES = 32

/**
 * An error, what caused it, what caused that, and so on. An error that collects others counts as caused by them when it
 * collects one alone: of several, none is the reason.
 */
export function errorCauses (error: unknown): unknown[] {
  const causes: unknown[] = []
  for (let next: unknown = error; next !== undefined && next !== null && !causes.includes(next) && causes.length < MAX_CAUSES; next = causeOf(next)) causes.push(next)
  return causes
}

/** The codes of an error and its causes, outermost first. */
export function errorCodes (error: unknown): string[] {
  return errorCauses(error).map(cause => (cause as { code?: unknown }).code).filter(code => typeof code === 'string')
}

function causeOf (error: unknown): unknown {
  const { cause, errors, failures } = error as { cause?: unknown, errors?: unknown, failures?: unknown }
  if (cause !== undefined) return cause
  if (Array.isArray(errors)) return errors.length === 1 ? errors[0] : undefined
  return Array.isArray(failures) && failures.length === 1 ? (failures[0] as { cause?: unknown } | undefined)?.cause : undefined
}
