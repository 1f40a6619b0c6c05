import type { Machine } from '../src/machine.ts'

/** A machine of files in memory. Without any it is a Linux host without limits that are known. */
export function handMachine ({ memoryBytes = 2 ** 33, files = {}, platform = 'linux', openFiles }: {
  memoryBytes?: number, files?: Readonly<Record<string, string>>, platform?: string, openFiles?: number | string | undefined
} = {}): Machine {
  return {
    platform,
    hostMemoryBytes: () => memoryBytes,
    readText: path => files[path],
    reportedOpenFiles: () => openFiles
  }
}

/** `/proc/self/limits` as Linux writes it, around one line. */
export function procLimits (soft: string): string {
  return `Limit                     Soft Limit           Hard Limit           Units     
Max processes             127405               127405               processes 
Max open files            ${soft.padEnd(20)} 1048576              files     
Max locked memory         67108864             67108864             bytes     
`
}
