import type { SecureConn } from '@weir/network'
import { Uint8ArrayList } from 'uint8arraylist'

/** Writes larger than this are not copied. */
const MAX_COPIED_BYTES = 2_048

/** Room for one turn, out of the runtime's pool. It is let go with the turn: a connection that is idle keeps none, and the layers below may keep it. */
const SLAB_BYTES = 2_048

const NO_SLAB = new Uint8Array(0)

/**
 * A connection that collects small writes and sends those of one turn together, once the promises of that turn have run. A
 * muxer's frames are small, and each would cost a cipher call and a system call of its own.
 *
 * Small writes are copied. A large one goes out at once, with what was collected in front of it. It learns only when it
 * sends that there is no more room below, so a turn's small writes may all be told that there is.
 */
export class BatchedConn implements SecureConn {
  readonly #conn: SecureConn
  #slab: Uint8Array = NO_SLAB
  #start = 0 // of what is collected
  #end = 0
  #scheduled = false
  #hasRoom = true
  #room: Promise<void> | undefined // while there is none
  #ended = false

  constructor (conn: SecureConn) {
    this.#conn = conn
  }

  read (): Promise<Uint8ArrayList | Uint8Array | undefined> {
    return this.#conn.read()
  }

  write (data: Uint8Array | Uint8ArrayList): boolean {
    if (this.#ended) return false
    if (data.byteLength > MAX_COPIED_BYTES) {
      const collected = this.#take()
      this.#send(collected === undefined ? data : new Uint8ArrayList(collected, data))
      return this.#hasRoom
    }
    if (this.#slab.byteLength - this.#end < data.byteLength) {
      this.#flush()
      this.#slab = Buffer.allocUnsafe(SLAB_BYTES)
      this.#start = 0
      this.#end = 0
    }
    if (data instanceof Uint8Array) this.#copy(data)
    else for (const part of data) this.#copy(part)
    if (!this.#scheduled) {
      this.#scheduled = true
      process.nextTick(this.#onTurnEnd)
    }
    return this.#hasRoom
  }

  drained (): Promise<void> {
    this.#flush()
    return this.#room ?? (this.#ended ? this.#conn.drained() : Promise.resolve())
  }

  close (): Promise<void> {
    this.#flush()
    this.#ended = true
    return this.#conn.close()
  }

  abort (cause: Error): void {
    this.#ended = true
    this.#conn.abort(cause)
  }

  readonly #onTurnEnd = (): void => {
    this.#scheduled = false
    this.#flush()
    this.#slab = NO_SLAB
    this.#start = 0
    this.#end = 0
  }

  #copy (data: Uint8Array): void {
    this.#slab.set(data, this.#end)
    this.#end += data.byteLength
  }

  #take (): Uint8Array | undefined {
    if (this.#end === this.#start) return undefined
    const collected = this.#slab.subarray(this.#start, this.#end)
    this.#start = this.#end
    return collected
  }

  #flush (): void {
    const collected = this.#take()
    if (collected !== undefined) this.#send(collected)
  }

  #send (data: Uint8Array | Uint8ArrayList): void {
    this.#hasRoom = this.#conn.write(data)
    if (this.#hasRoom || this.#room !== undefined) return
    this.#room = this.#conn.drained().then(() => {
      this.#hasRoom = true
      this.#room = undefined
    })
    this.#room.catch(() => {}) // it has ended: whoever asks is told
  }
}
