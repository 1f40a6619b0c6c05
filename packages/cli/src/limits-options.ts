import { readFile } from 'node:fs/promises'
import type { NodeInit } from '@weir/node'
import { machineBudget, parseLimits } from '@weir/resource-manager'
import { LimitsFileError } from './errors.ts'

/** What `weir node` and `weir limits` are told of limits. */
export interface LimitsOptions {
  /** A file. */
  readonly limits?: string
  /** Bytes that the network may use. */
  readonly memory?: number
  readonly fds?: number
}

/**
 * The same for a node.
 *
 * @throws {LimitsFileError} when the file cannot be read, or holds no limits
 */
export async function readLimits ({ limits, memory, fds }: LimitsOptions): Promise<Pick<NodeInit, 'limits' | 'budget'>> {
  const machine = machineBudget()
  // A budget that is written down may be meant for another machine: it is not held against this one.
  const budget = memory === undefined && fds === undefined ? machine : { memoryBytes: memory ?? machine.memoryBytes, numFd: fds ?? machine.numFd }
  if (limits === undefined) return { budget }
  try {
    return { budget, limits: parseLimits(await readFile(limits, 'utf8')) }
  } catch (cause) {
    throw new LimitsFileError(limits, { cause })
  }
}
