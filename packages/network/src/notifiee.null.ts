import type { Notifiee } from './network.ts'

/** Hears everything, does nothing. @see seed 004, "NoopNotifiee" */
export const noopNotifiee: Notifiee = Object.freeze({
  listen () {},
  listenClose () {},
  connected () {},
  disconnected () {}
} satisfies Notifiee)
