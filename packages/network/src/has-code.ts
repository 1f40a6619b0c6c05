/**
 * Whether something is an error with this code: what every `static is` of an error class asks.
 *
 * By the code and not by the class, so that two copies of a package in one process agree.
 */
export function hasCode (error: unknown, code: string): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === code
}
