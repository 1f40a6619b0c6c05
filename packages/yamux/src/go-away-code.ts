/**
 * Yamux's own codes of a connection's end. libp2p sends those of `ConnErrorCode` in the same place.
 *
 * @see reference/go-libp2p.md 1.2
 */
export const GoAwayCode = { normal: 0, protocolError: 1, internalError: 2 } as const
