import { ExitCode } from './exit-code.ts'

/** The part of a process that signals come to: `process` is one. */
export interface SignalTarget {
  on (signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  off (signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  exit (code: number): unknown
}

/**
 * The first SIGINT or SIGTERM aborts the controller; a second one, of either kind, exits at once.
 *
 * Whoever calls it disposes the result: from then on signals do again what they did.
 */
export function stopOnSignals (target: SignalTarget, controller: AbortController): Disposable {
  let signals = 0
  const listener = (exitCode: ExitCode) => (): void => {
    if (signals++ > 0) target.exit(exitCode)
    controller.abort()
  }
  const onInterrupt = listener(ExitCode.killedBySigint)
  const onTerminate = listener(ExitCode.killedBySigterm)
  target.on('SIGINT', onInterrupt)
  target.on('SIGTERM', onTerminate)
  return {
    [Symbol.dispose] () {
      target.off('SIGINT', onInterrupt)
      target.off('SIGTERM', onTerminate)
    }
  }
}
