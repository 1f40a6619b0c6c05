import type { Multiaddr } from '@multiformats/multiaddr'

/** An address that was tried, or left out, and why it did not work. */
export interface AddrFailure {
  readonly addr: Multiaddr
  readonly cause: unknown
}

/** What a person wants to read of a cause: its message, or whatever was thrown. */
export function reasonOf (cause: unknown): string {
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}
