import { ConnClosedError, type SecureConn, type Uint8ArrayList } from '@weir/network'

export interface SecureConnPairInit {
  /** Unread bytes above which a writer has to wait. @defaultValue 65,536 */
  readonly highWaterBytes?: number | undefined
  /** How the bytes of a write are cut on their way. @defaultValue not at all */
  readonly cut?: ((bytes: Uint8Array) => Uint8Array[]) | undefined
}

/** One end of a connection in memory. What is written comes out of the other end's `read`, a copy. */
export class MemorySecureConn implements SecureConn {
  other: MemorySecureConn | undefined
  /** How often it was written to. */
  writes: number = 0
  readonly #highWaterBytes: number
  readonly #cut: (bytes: Uint8Array) => Uint8Array[]
  #queue: Uint8Array[] = []
  #bytes = 0
  #ended = false
  #error: Error | undefined
  #reader: PromiseWithResolvers<Uint8Array | undefined> | undefined
  #drain: PromiseWithResolvers<void> | undefined

  constructor ({ highWaterBytes = 65_536, cut = bytes => [bytes] }: SecureConnPairInit = {}) {
    this.#highWaterBytes = highWaterBytes
    this.#cut = cut
  }

  get ended (): boolean {
    return this.#ended
  }

  read (): Promise<Uint8Array | undefined> {
    const chunk = this.#queue.shift()
    if (chunk !== undefined) {
      this.#bytes -= chunk.byteLength
      if (this.#bytes <= this.#highWaterBytes) this.other?.drain()
      return Promise.resolve(chunk)
    }
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (this.#ended) return Promise.resolve(undefined)
    this.#reader = Promise.withResolvers()
    return this.#reader.promise
  }

  write (data: Uint8Array | Uint8ArrayList): boolean {
    if (this.#ended) return false
    this.writes++
    return this.other?.deliver(data instanceof Uint8Array ? new Uint8Array(data) : data.slice()) ?? false
  }

  drained (): Promise<void> {
    if (this.#ended) return Promise.reject(this.#error ?? new ConnClosedError({ remote: true }))
    this.#drain ??= Promise.withResolvers()
    this.#drain.promise.catch(() => {})
    if (this.other?.takesMore === true) this.drain()
    return this.#drain?.promise ?? Promise.resolve()
  }

  async close (): Promise<void> {
    this.#finish(undefined)
    this.other?.finishRemotely(undefined)
  }

  abort (cause: Error): void {
    this.#queue = []
    this.#finish(cause)
    this.other?.finishRemotely(new ConnClosedError({ remote: true, cause }))
  }

  // From the other end.

  get takesMore (): boolean {
    return this.#bytes <= this.#highWaterBytes
  }

  deliver (bytes: Uint8Array): boolean {
    if (this.#ended) return false
    for (const chunk of this.#cut(bytes)) {
      this.#queue.push(chunk)
      this.#bytes += chunk.byteLength
    }
    const reader = this.#reader
    if (reader !== undefined && this.#queue.length > 0) {
      this.#reader = undefined
      reader.resolve(this.read())
    }
    return this.takesMore
  }

  drain (): void {
    const drain = this.#drain
    this.#drain = undefined
    drain?.resolve()
  }

  finishRemotely (cause: Error | undefined): void {
    this.#finish(cause)
  }

  #finish (cause: Error | undefined): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = cause
    this.#drain?.reject(cause ?? new ConnClosedError({ remote: true }))
    this.#drain = undefined
    if (this.#reader === undefined) return
    if (cause === undefined) this.#reader.resolve(undefined)
    else this.#reader.reject(cause)
    this.#reader = undefined
  }
}

/** Two ends of a connection in memory. */
export function secureConnPair (init?: SecureConnPairInit): [MemorySecureConn, MemorySecureConn] {
  const ends: [MemorySecureConn, MemorySecureConn] = [new MemorySecureConn(init), new MemorySecureConn(init)]
  ends[0].other = ends[1]
  ends[1].other = ends[0]
  return ends
}
