import type { ProtocolID } from '@weir/network'

/** The outcome of a negotiation. */
export interface Negotiated {
  readonly protocol: ProtocolID
  /** Bytes that came behind the last message, which belong to the protocol; empty when there were none. Read them first. */
  readonly rest: Uint8Array
}
