import type { ConnectionGater } from './connection-gater.ts'
import { ALLOW } from './verdict.ts'

/** Lets everything pass. */
export const nullConnectionGater: ConnectionGater = Object.freeze({
  interceptPeerDial: () => ALLOW,
  interceptAddrDial: () => ALLOW,
  interceptAccept: () => ALLOW,
  interceptSecured: () => ALLOW,
  interceptUpgraded: () => ALLOW
} satisfies ConnectionGater)
