import type { ProtocolID } from './protocol-id.ts'

/** How a connection was made. @see seed 004, "ConnectionState" */
export interface ConnectionState {
  /** Such as `/yamux/1.0.0`. */
  readonly streamMultiplexer: ProtocolID
  /** Such as `/noise`; empty when the transport is secure by itself. */
  readonly security: ProtocolID
  /** The transport's own name, such as `@weir/tcp`. */
  readonly transport: string
  /** Whether the multiplexer was agreed on within the security handshake, which saves a round trip. */
  readonly usedEarlyMuxerNegotiation: boolean
}
