import { type Clock, systemClock } from '@weir/network'
import { CLI_DEFAULTS } from './defaults.ts'
import { CloseTimeoutError } from './errors.ts'

/**
 * Closes a node, and waits for it only so long: a command that was told to stop must not hang.
 *
 * @throws {CloseTimeoutError} when it takes longer; what is left of it ends with the process
 */
export async function closeInTime (node: { close (): Promise<void> }, clock: Clock = systemClock): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  using _ = clock.setTimeout(() => { reject(new CloseTimeoutError(CLI_DEFAULTS.closeTimeoutMs)) }, CLI_DEFAULTS.closeTimeoutMs)
  await Promise.race([node.close(), late])
}
