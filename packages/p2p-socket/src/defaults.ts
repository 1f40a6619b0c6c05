/** What a session does unless told otherwise. */
export interface P2pSocketDefaults {
  /** Of `authenticate`, and of `accept`, each: incoming connections have 5 s in Octez. */
  readonly authenticationTimeoutMs: number
  /** What decoded messages may cost before the socket is read no further, by `MESSAGE_COST_BYTES`. */
  readonly incomingMessageQueueBytes: number
  /** What encoded messages may cost before `write` waits and `writeNow` drops. */
  readonly outgoingMessageQueueBytes: number
  /** The largest message that is taken in, its own header included. */
  readonly maxMessageBytes: number
  /** How long `close({ wait: true })` waits for what was written. */
  readonly closeWaitMs: number
}

export const P2P_SOCKET_DEFAULTS: P2pSocketDefaults = Object.freeze({
  authenticationTimeoutMs: 5_000,
  incomingMessageQueueBytes: 8_388_608,
  outgoingMessageQueueBytes: 8_388_608,
  maxMessageBytes: 104_857_600,
  closeWaitMs: 10_000
})

/** What a node demands and its own identity has, in leading zero bits. */
export const DEFAULT_PROOF_OF_WORK_TARGET = 26

/** What a queued message costs beyond its bytes: incoming; outgoing, and for each of its chunks. @see reference/tezos-p2p.md 4.1 */
export const INCOMING_MESSAGE_COST_BYTES = 120
export const OUTGOING_MESSAGE_COST_BYTES = 96
export const OUTGOING_CHUNK_COST_BYTES = 128

/** Points in a Nack: Octez takes 100 and greylists whoever sends more; we send one less, as seed 002 says. */
export const MAX_RECEIVED_POINTS = 100
export const MAX_SENT_POINTS = 99

/** How much is written to the socket in one piece. */
export const WRITE_BATCH_BYTES = 65_536

/** What a connection holds in any case, from its first byte on: a chunk that comes in and one that goes out. */
export const CONNECTION_MEMORY_BYTES = 131_072
