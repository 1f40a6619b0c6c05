import type { Uint8ArrayList } from './byte-list.ts'

/**
 * Bytes both ways, secured: what a multiplexer works on. It has one reader.
 *
 * Whatever a listener of the layer below throws is caught here and ends the connection; it reaches no one else.
 */
export interface SecureConn {
  /** The next bytes, or `undefined` at the end. @throws what ended the connection */
  read (): Promise<Uint8ArrayList | Uint8Array | undefined>
  /** Takes all bytes. @returns whether more may follow at once; if not, wait for `drained`. Never throws. */
  write (data: Uint8Array | Uint8ArrayList): boolean
  /** Resolves when writing may go on. @throws what ended the connection */
  drained (): Promise<void>
  /** Sends what was written, then ends. Closing twice is harmless. */
  close (): Promise<void>
  /** Ends at once. `read` and `drained` reject with the cause. */
  abort (cause: Error): void
}
