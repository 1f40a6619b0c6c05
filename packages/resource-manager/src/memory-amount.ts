/** NaN would pass every check behind this one. @throws {RangeError} for what is no number of bytes */
export function assertBytes (bytes: number): void {
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw new RangeError(`memory must be whole bytes, 0 or more, got ${bytes}`)
}

/** @throws {RangeError} for what is no whole number from 0 to 255 */
export function assertPriority (priority: number): void {
  if (!Number.isInteger(priority) || priority < 0 || priority > 255) throw new RangeError(`a priority must be a whole number from 0 to 255, got ${priority}`)
}
