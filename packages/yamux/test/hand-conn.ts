import type { SecureConn, Uint8ArrayList } from '@weir/network'

/** The lower end of a connection, in the hands of a test. */
export class HandConn implements SecureConn {
  /** Whether writes are answered with "go on". */
  room = true
  readonly written: Uint8Array[] = []
  aborted: Error | undefined
  closed = false
  #queue: (Uint8Array | Uint8ArrayList)[] = []
  #ended = false
  #reader: PromiseWithResolvers<Uint8Array | Uint8ArrayList | undefined> | undefined
  #drain: PromiseWithResolvers<void> | undefined

  /** Everything written, in one piece. */
  get bytes (): Buffer {
    return Buffer.concat(this.written)
  }

  /** Chunks that were fed and not read. */
  get unread (): number {
    return this.#queue.length
  }

  feed (chunk: Uint8Array | Uint8ArrayList): void {
    if (this.aborted === undefined) this.#queue.push(chunk)
    this.#serve()
  }

  /** The remote's end. */
  finish (): void {
    this.#ended = true
    this.#serve()
  }

  drain (): void {
    this.room = true
    this.#drain?.resolve()
    this.#drain = undefined
  }

  read (): Promise<Uint8Array | Uint8ArrayList | undefined> {
    this.#reader = Promise.withResolvers()
    const { promise } = this.#reader
    this.#serve()
    return promise
  }

  write (data: Uint8Array | Uint8ArrayList): boolean {
    if (this.aborted === undefined) this.written.push(data instanceof Uint8Array ? data.slice() : data.slice())
    return this.room
  }

  drained (): Promise<void> {
    if (this.aborted !== undefined) return Promise.reject(this.aborted)
    if (this.room) return Promise.resolve()
    this.#drain ??= Promise.withResolvers()
    return this.#drain.promise
  }

  async close (): Promise<void> {
    this.closed = true
    this.finish()
  }

  abort (cause: Error): void {
    this.aborted ??= cause
    this.#queue = []
    this.#drain?.reject(cause)
    this.#drain = undefined
    this.#serve()
  }

  #serve (): void {
    const reader = this.#reader
    if (reader === undefined) return
    if (this.aborted !== undefined) reader.reject(this.aborted)
    else if (this.#queue.length > 0) reader.resolve(this.#queue.shift())
    else if (this.#ended) reader.resolve(undefined)
    else return
    this.#reader = undefined
  }
}
