import type { ReadOptions, Uint8ArrayList, WriteOptions } from '@weir/network'

/**
 * What can be negotiated on. A `MuxedStream` is one. Its owner ends it, after a failure too: nothing here closes a stream.
 *
 * There is one reader during a negotiation, and it takes whole chunks: what lay behind the answer comes back as `rest`.
 */
export interface NegotiableStream {
  /** The next bytes, or `undefined` at the end. */
  read (options?: ReadOptions): Promise<Uint8Array | Uint8ArrayList | undefined>
  write (data: Uint8Array, options?: WriteOptions): Promise<void>
}
