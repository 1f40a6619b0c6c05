import type { Notifiee } from './network.ts'

/** Some of a notifiee's callbacks. @see seed 004, "NotifyBundle" */
export type NotifyBundle = { readonly [K in keyof Notifiee]?: Notifiee[K] | undefined }

/** The easy way to a notifiee: what is not given does nothing. Callbacks keep their `this`, and may be given later. */
export function notifyBundle (callbacks: NotifyBundle): Notifiee {
  return {
    listen (network, addr) { callbacks.listen?.(network, addr) },
    listenClose (network, addr) { callbacks.listenClose?.(network, addr) },
    connected (network, conn) { callbacks.connected?.(network, conn) },
    disconnected (network, conn) { callbacks.disconnected?.(network, conn) }
  }
}
