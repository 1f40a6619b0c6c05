import { cgroupMemoryBytes } from './cgroup-memory.ts'
import { SCALING_DEFAULTS } from './defaults.ts'
import { type Machine, thisMachine } from './machine.ts'
import { openFilesLimit } from './open-files-limit.ts'
import type { LimitBudget } from './scale-limits.ts'

/** A budget, and what it is a share of. */
export interface MachineBudget extends LimitBudget {
  /** The host's memory, or what the control group leaves of it. */
  readonly machineMemoryBytes: number
  /** The soft limit of open files; 0 when it is not known. */
  readonly machineNumFd: number
}

/**
 * What the network may use of a machine: an eighth of the memory and half of the file descriptors that this process can have.
 *
 * @see reference/go-libp2p.md 2.7, "AutoScale"
 */
export function machineBudget (machine: Machine = thisMachine): MachineBudget {
  const machineMemoryBytes = Math.min(machine.hostMemoryBytes(), cgroupMemoryBytes(machine.readText))
  const machineNumFd = openFilesLimit(machine) ?? 0
  return Object.freeze({
    memoryBytes: Math.floor(machineMemoryBytes * SCALING_DEFAULTS.memoryRatio),
    numFd: Math.floor(machineNumFd * SCALING_DEFAULTS.fdRatio),
    machineMemoryBytes,
    machineNumFd
  })
}
