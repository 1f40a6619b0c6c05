/** The protocols that all peers speak in the rows. */
export const ECHO_PROTOCOL = '/weir/echo/1.0.0'
/** Takes bytes up to their end, and answers how many they were as 8 bytes, big-endian. */
export const SINK_PROTOCOL = '/weir/bench/sink/1.0.0'

export interface BenchListener {
  /** For `connect` of the same peer's dialers, in another process. */
  readonly address: string
  /** How many connections it has. */
  conns (): number
  close (): Promise<void>
}

export interface BenchConn {
  /** Opens a stream, sends the bytes, reads as many back, ends the stream and sees the remote's end of it. */
  echo (data: Uint8Array): Promise<void>
  /** Opens a stream, sends the bytes `times` times, ends it, and checks that the listener has counted them all. */
  send (data: Uint8Array, times: number): Promise<void>
  /** Ends the connection; resolves when it is closed here. */
  close (): Promise<void>
}

/** One identity that dials. */
export interface BenchDialer {
  connect (address: string): Promise<BenchConn>
  close (): Promise<void>
}

/** What is measured: a library, or the cost model. */
export interface BenchPeer {
  listen (): Promise<BenchListener>
  dialer (): Promise<BenchDialer>
}
