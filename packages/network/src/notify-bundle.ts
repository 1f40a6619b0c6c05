import type { Notifiee } from './network.ts'
import { noopNotifiee } from './notifiee.null.ts'

/** Some of a notifiee's callbacks. @see seed 004, "NotifyBundle" */
export type NotifyBundle = { readonly [K in keyof Notifiee]?: Notifiee[K] }

/** The easy way to a notifiee: what is not given does nothing. */
export function notifyBundle (callbacks: NotifyBundle): Notifiee {
  return { ...noopNotifiee, ...callbacks }
}
