import { type Clock, systemClock } from '@weir/network'
import { CLI_DEFAULTS } from './defaults.ts'
import { ExitCode } from './exit-code.ts'

type StopSignal = 'SIGINT' | 'SIGTERM'

const EXIT_CODES = { SIGINT: ExitCode.killedBySigint, SIGTERM: ExitCode.killedBySigterm } as const

/** The part of a process that signals come to: `process` is one. */
export interface SignalTarget {
  on (signal: StopSignal, listener: (signal: StopSignal) => void): unknown
  off (signal: StopSignal, listener: (signal: StopSignal) => void): unknown
  exit (code: number): unknown
}

/**
 * The first SIGINT or SIGTERM aborts the controller; a second one, of either kind, exits at once.
 *
 * Whoever calls it disposes the result: from then on signals do again what they did.
 */
export function stopOnSignals (target: SignalTarget, controller: AbortController, clock: Clock = systemClock): Disposable {
  let first: { readonly signal: StopSignal, readonly atMs: number } | undefined
  const onSignal = (signal: StopSignal): void => {
    const nowMs = clock.monotonicMs()
    if (first === undefined) {
      first = { signal, atMs: nowMs }
      controller.abort()
      return
    }
    // Ctrl-C reaches every process of a terminal, and npm passes on what it gets as well: one key press, two signals.
    const isEcho = signal === first.signal && nowMs - first.atMs < CLI_DEFAULTS.signalEchoMs
    if (!isEcho) target.exit(EXIT_CODES[signal])
  }
  target.on('SIGINT', onSignal)
  target.on('SIGTERM', onSignal)
  return {
    [Symbol.dispose] () {
      target.off('SIGINT', onSignal)
      target.off('SIGTERM', onSignal)
    }
  }
}
