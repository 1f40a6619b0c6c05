import type { MessageStream } from '@libp2p/interface'
import type { ReleasableConn } from '@weir/adapters'
import type { NegotiableStream } from '@weir/multistream'
import type { SecureConn } from '@weir/network'

/**
 * A connection as something to negotiate on. Whoever gives up waiting aborts the connection, which ends both calls, so
 * their signals are not looked at.
 */
export function negotiable (conn: SecureConn): NegotiableStream {
  return {
    read: async () => await conn.read(),
    write: async data => {
      if (!conn.write(data)) await conn.drained()
    }
  }
}

/** Gives the stream back after a negotiation, with the bytes that came behind the answer in front of those not read yet. */
export function releaseWith (conn: ReleasableConn, rest: Uint8Array): MessageStream {
  const stream = conn.release()
  if (rest.byteLength > 0) stream.unshift(rest)
  return stream
}
