import { MEMORY_PRESSURE_DEFAULTS } from './defaults.ts'
import { type MemoryUse, memoryUse, processMemoryLimit } from './memory-use.ts'
import type { PressureSignal } from './pressure-signal.ts'
import { SampledSignal } from './sampled-signal.ts'
import type { SamplingInit } from './sampling.ts'

export type MemoryPressureInit = SamplingInit & {
  /** What the process may use altogether. @defaultValue the host's memory, or what the control group leaves of it */
  readonly limitBytes?: number | undefined
  /** Measures. @defaultValue this process */
  readonly measure?: (() => MemoryUse) | undefined
}

/**
 * How full the process's memory is, 0..1: its heap against the heap's limit, or all of it against what the process may use,
 * whichever is worse. The caller owns the signal and disposes it, after the manager that asks it.
 *
 * Garbage that waits for the collector raises no alarm: the smallest of several measurements counts, and the runtime leaves
 * no more garbage than half of what is free. Memory that is really in use does.
 *
 * @throws {TypeError} at an option that is not known
 * @throws {RangeError} at a number that is none of its kind
 */
export function memoryPressure ({ limitBytes = processMemoryLimit(), measure = memoryUse, ...given }: MemoryPressureInit = {}): PressureSignal & Disposable {
  if (!(limitBytes > 0)) throw new RangeError(`memoryPressure: limitBytes must be above 0, got ${limitBytes}`)
  return new SampledSignal({
    name: 'memoryPressure',
    given,
    defaults: MEMORY_PRESSURE_DEFAULTS,
    measure () {
      const { heapUsedBytes, heapLimitBytes, externalBytes, rssBytes } = measure()
      return Math.max(heapUsedBytes / heapLimitBytes, Math.max(rssBytes, heapUsedBytes + externalBytes) / limitBytes)
    }
  })
}
