/** A stream as the checks use it, of whichever library. Reads pull, one at a time. */
export interface Wire {
  /** The next bytes, or `undefined` at the end. */
  read (): Promise<Uint8Array | undefined>
  write (data: Uint8Array): Promise<void>
  closeWrite (): Promise<void>
  close (): Promise<void>
  reset (): void
  /** Resets with a code, where the library has those. */
  resetWithError (errorCode: number): void
}
