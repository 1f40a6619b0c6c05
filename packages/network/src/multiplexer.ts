import type { MuxedConn } from './muxed-conn.ts'
import type { PeerScope } from './peer-scope.ts'
import type { ProtocolID } from './protocol-id.ts'
import type { SecureConn } from './secure-conn.ts'

/** Makes many streams of one connection. @see seed 004, "Multiplexer" */
export interface Multiplexer {
  /** As it is negotiated, such as `/yamux/1.0.0`. */
  readonly protocol: ProtocolID
  /**
   * Takes over a connection: it is read from now on, and ends with the result.
   *
   * @param isServer - whether the remote opened the connection
   * @param scope - the remote peer's: windows and buffers are reserved there
   */
  newConn (conn: SecureConn, isServer: boolean, scope: PeerScope): MuxedConn
}
