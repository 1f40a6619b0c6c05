/** The same names stand in ../go/serve.go. */
export const PROTOCOLS = Object.freeze({
  echo: '/weir/echo/1.0.0',
  perf: '/perf/1.0.0',
  /** 8 bytes that say how much to send, the upload and its end; then the upload's SHA-256, the download, its SHA-256. */
  transfer: '/weir/interop/transfer/1.0.0',
  /** The listener greets and ends its writing at once, and reports what still comes in. */
  endFirst: '/weir/interop/end-first/1.0.0',
  /** The listener resets after one byte. */
  resets: '/weir/interop/resets/1.0.0',
  /** The listener answers one byte, and reports how the dialer ends the stream. */
  resetMe: '/weir/interop/reset-me/1.0.0'
})

export const END_FIRST_GREETING = 'first'
export const CHUNK_BYTES = 64 * 1024
