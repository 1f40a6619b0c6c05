import type { LocalRefusal } from '@weir/network'
import type { PressureSignal } from './pressure-signal.ts'

/** What the state of the process itself forbids at the moment. */
export class Pressure {
  readonly signals: readonly PressureSignal[]

  constructor (signals: readonly PressureSignal[]) {
    this.signals = signals
  }

  /** Why memory at a priority below High cannot be had. */
  refuseMemory (bytes: number, priority: number): LocalRefusal | undefined {
    for (const signal of this.signals) {
      if (signal.level !== 'normal') return refusalBy(signal, bytes, priority)
    }
    return undefined
  }

  /** Why nothing more is let in. */
  refuseInbound (): LocalRefusal | undefined {
    for (const signal of this.signals) {
      if (signal.level === 'critical') return refusalBy(signal, 1)
    }
    return undefined
  }
}

function refusalBy ({ name, level, value, thresholds }: PressureSignal, attempted: number, priority?: number): LocalRefusal {
  return {
    where: 'local',
    scope: { kind: 'system' },
    resource: 'pressure',
    direction: priority === undefined ? 'inbound' : undefined,
    current: value,
    attempted,
    limit: level === 'critical' ? thresholds.critical : thresholds.elevated,
    priority,
    hint: `${name} is ${level}: try again when the process has recovered, or raise the thresholds of ${name}()`
  }
}
