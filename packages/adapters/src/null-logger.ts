import type { ComponentLogger, Logger } from '@libp2p/interface'

const drop = (): void => {}

/** Drops everything: a `Logger` whose scopes are itself, and the `ComponentLogger` that gives it to everybody. */
export const nullLogger: Logger & ComponentLogger = Object.freeze(Object.assign(() => {}, {
  error: drop,
  trace: drop,
  enabled: false,
  newScope: (): Logger => nullLogger,
  forComponent: (): Logger => nullLogger
}))
