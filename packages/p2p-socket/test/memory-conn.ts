import { type ScheduledConn, ConnectionClosedError, nullIoScheduler } from '@weir/io-scheduler'
import type { SecureConn } from '@weir/network'

type Data = Parameters<SecureConn['write']>[0]

/** One end of a connection in memory: bytes pass in the turn in which they are written. */
export class MemoryConn implements SecureConn {
  readonly written: Uint8Array[] = []
  /** What ended it, undefined while it is open. */
  ended: Error | undefined
  closes = 0
  /** Whether the socket takes bytes: while it does not, `write` says to wait and `drained` waits. */
  #isFull = false
  #other: MemoryConn | undefined
  readonly #inbox: Uint8Array[] = []
  #isInboxEnded = false
  #reading: PromiseWithResolvers<Uint8Array | undefined> | undefined
  #draining: PromiseWithResolvers<void> | undefined

  static pair (): [MemoryConn, MemoryConn] {
    const [a, b] = [new MemoryConn(), new MemoryConn()]
    a.#other = b
    b.#other = a
    return [a, b]
  }

  /** How many writes of the other end nobody has read. */
  get unread (): number {
    return this.#inbox.length
  }

  async read (): Promise<Uint8Array | undefined> {
    const first = this.#inbox.shift()
    if (first !== undefined) return first
    if (this.#isInboxEnded) return undefined
    if (this.ended !== undefined) throw this.ended
    this.#reading = Promise.withResolvers()
    return await this.#reading.promise
  }

  write (data: Data): boolean {
    if (this.ended !== undefined) return true
    const bytes = Uint8Array.from(data instanceof Uint8Array ? data : data.subarray())
    this.written.push(bytes)
    this.#other?.push(bytes)
    return !this.#isFull
  }

  async drained (): Promise<void> {
    if (this.ended !== undefined) throw this.ended
    if (!this.#isFull) return
    this.#draining ??= Promise.withResolvers()
    await this.#draining.promise
  }

  async close (): Promise<void> {
    this.closes++
    this.#fail(new ConnectionClosedError('local'))
    this.#other?.end()
  }

  abort (cause: Error): void {
    this.#fail(cause)
    this.#other?.end()
  }

  /** Makes the socket full, or empty again. */
  fill (isFull: boolean): void {
    this.#isFull = isFull
    if (isFull) return
    this.#draining?.resolve()
    this.#draining = undefined
  }

  push (bytes: Uint8Array): void {
    if (this.ended !== undefined) return
    if (this.#reading === undefined) this.#inbox.push(Uint8Array.from(bytes))
    else this.#reading.resolve(Uint8Array.from(bytes))
    this.#reading = undefined
  }

  end (): void {
    this.#isInboxEnded = true
    this.#reading?.resolve(undefined)
    this.#reading = undefined
  }

  #fail (cause: Error): void {
    if (this.ended !== undefined) return
    this.ended = cause
    this.#inbox.length = 0
    this.#reading?.reject(cause)
    this.#draining?.reject(cause)
    this.#reading = this.#draining = undefined
  }
}

export interface MemoryPair {
  readonly client: ScheduledConn
  readonly server: ScheduledConn
  readonly clientWire: MemoryConn
  readonly serverWire: MemoryConn
}

export function memoryPair (): MemoryPair {
  const [clientWire, serverWire] = MemoryConn.pair()
  return { clientWire, serverWire, client: nullIoScheduler.register(clientWire), server: nullIoScheduler.register(serverWire) }
}
