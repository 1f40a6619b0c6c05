import type { ConnManager } from './conn-manager.ts'
import { noopNotifiee } from './notifiee.null.ts'

/** Remembers nothing, protects nobody, trims nothing: for tests, and where connections need no management. */
export const nullConnManager: ConnManager = Object.freeze({
  tagPeer () {},
  untagPeer () {},
  upsertTag () {},
  tagInfo: () => undefined,
  trimOpenConns: async () => ({ closed: [], spared: [], reason: 'connections are not managed' }),
  notifiee: noopNotifiee,
  protect () {},
  unprotect: () => false,
  isProtected: () => false,
  checkLimit () {},
  makeRoom: () => false,
  async close () {},
  async [Symbol.asyncDispose] () {}
} satisfies ConnManager)
