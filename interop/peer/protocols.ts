/** The same names stand in ../go/serve.go. */
export const PROTOCOLS = Object.freeze({
  echo: '/weir/echo/1.0.0',
  perf: '/perf/1.0.0',
  /** 8 bytes that say how much to send, the upload and its end; then the upload's SHA-256, the download, its SHA-256. */
  transfer: '/weir/interop/transfer/1.0.0',
  /** The listener greets and ends its writing at once, and reports what still comes in. */
  endFirst: '/weir/interop/end-first/1.0.0',
  /** An echo without a service, so that no limit of one is met: for streams that are open at once. */
  hold: '/weir/interop/hold/1.0.0',
  /** The listener resets after one byte, which is the code that it resets with. */
  resets: '/weir/interop/resets/1.0.0',
  /** The listener answers one byte, and reports how the dialer ends the stream. */
  resetMe: '/weir/interop/reset-me/1.0.0'
})

export const END_FIRST_GREETING = 'first'
export const CHUNK_BYTES = 64 * 1024

/** Streams of a kind that a peer may have open on a connection: more than any check opens, and than js-libp2p allows by itself. */
export const STREAMS_ALLOWED = 3_000

/** go-libp2p and weir refuse what is over 256 streams that they did not accept yet. js-libp2p's muxer does not hold its user back. */
export const MAX_UNANSWERED = 200
