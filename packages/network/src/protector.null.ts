import type { ConnectionProtector } from '@libp2p/interface'

/** Protects nothing: the connection goes on as it is. The others, such as `@libp2p/pnet`, make a private network. */
export const nullProtector: ConnectionProtector = Object.freeze({
  protect: async connection => connection
} satisfies ConnectionProtector)
