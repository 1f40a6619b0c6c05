import { type Deadline, type DeadlineTimer, putYamuxHeader, YAMUX_HEADER_BYTES, YamuxFrameType } from '@weir/adapters'
import type { SecureConn } from '@weir/network'
import { Uint8ArrayList } from 'uint8arraylist'
import { SHARED_FRAME_BYTES } from './defaults.ts'
import { ConnectionWriteTimeoutError } from './errors.ts'
import type { WriteTurn } from './write-turn.ts'

/** Room for small frames, out of the runtime's pool. Let go with its turn: an idle connection keeps none, and the layers below may. */
const SLAB_BYTES = 2_048

/** Payloads up to here are copied, and whoever wrote them may go on at once. */
export const MAX_COPIED_BYTES: number = SLAB_BYTES - YAMUX_HEADER_BYTES

const NO_SLAB = new Uint8Array(0)

export interface FrameSenderInit {
  readonly conn: SecureConn
  readonly timer: DeadlineTimer
  readonly writeTimeoutMs: number
  readonly writeTurn: WriteTurn
  /** Sends what waits, until there is nothing more or the sender is `full`. @returns whether there is more */
  readonly fill: () => boolean
  /** The layer below has ended, or takes too long. */
  readonly fail: (cause: Error) => void
}

/**
 * Collects the frames of a turn and gives them to the layer below in one write, once the promises of that turn have run:
 * each write costs a cipher call and a system call.
 *
 * Headers and small payloads are copied together; large payloads go along by reference. When the layer below is full, one
 * wait for it serves all streams, and it is bounded.
 */
export class FrameSender implements Deadline {
  atMs: number = Infinity
  readonly #init: FrameSenderInit
  #slab: Uint8Array = NO_SLAB
  #start = 0 // of what is collected in the slab
  #end = 0
  #list: Uint8ArrayList | undefined // what was collected in front of it
  #collectedBytes = 0
  #scheduled = false
  #immediate: NodeJS.Immediate | undefined
  #filling = false
  #congested = false
  #congestedBytes = 0 // of the write that the layer below has not taken yet
  #ended = false

  constructor (init: FrameSenderInit) {
    this.#init = init
  }

  /** Whether frames have to wait: the layer below is full, or has ended. */
  get congested (): boolean {
    return this.#congested || this.#ended
  }

  /** Whether nothing is collected. */
  get empty (): boolean {
    return this.#collectedBytes === 0
  }

  /** Whether a write is full. */
  get full (): boolean {
    return !this.#init.writeTurn.hasRoom(this.#collectedBytes)
  }

  /** How large a frame may be that is added now. */
  get maxFrameBytes (): number {
    return Math.max(this.#init.writeTurn.roomBytes(this.#collectedBytes), SHARED_FRAME_BYTES)
  }

  /** Calls `fill` at the end of the turn. */
  schedule (): void {
    if (this.#scheduled || this.#congested || this.#ended) return
    this.#scheduled = true
    queueMicrotask(this.#onMicrotask) // a tick alone would come before the promises of a turn that is a callback
  }

  /** Calls `fill` once what has arrived was read, unless a turn comes before. */
  scheduleLater (): void {
    if (this.#immediate !== undefined || this.#scheduled || this.#congested || this.#ended) return
    this.#immediate = setImmediate(this.#onImmediate)
  }

  /** Adds a frame without payload. */
  control (type: number, flags: number, streamId: number, length: number): void {
    const at = this.#room(YAMUX_HEADER_BYTES)
    putYamuxHeader(this.#slab, at, type, flags, streamId, length)
  }

  /** Adds a data frame with so many bytes of `data`, whose bytes must not change until the end of the turn unless they are at most `MAX_COPIED_BYTES`. */
  data (flags: number, streamId: number, data: Uint8Array | Uint8ArrayList, from: number, to: number): void {
    const bytes = to - from
    if (bytes <= MAX_COPIED_BYTES) {
      const at = this.#room(YAMUX_HEADER_BYTES + bytes)
      putYamuxHeader(this.#slab, at, YamuxFrameType.data, flags, streamId, bytes)
      this.#slab.set(data instanceof Uint8Array && bytes === data.byteLength ? data : data.subarray(from, to), at + YAMUX_HEADER_BYTES)
      return
    }
    this.control(YamuxFrameType.data, flags, streamId, bytes)
    const list = this.#sealed()
    if (bytes === data.byteLength) list.append(data)
    else list.append(data instanceof Uint8Array ? data.subarray(from, to) : data.sublist(from, to))
    this.#collectedBytes += bytes
  }

  /** Gives what is collected to the layer below, full or not. */
  flush (): void {
    if (this.#collectedBytes === 0 || this.#ended) return
    const slab = this.#slab.subarray(this.#start, this.#end)
    const list = this.#list
    if (list !== undefined && slab.byteLength > 0) list.append(slab)
    this.#start = this.#end
    this.#list = undefined
    const bytes = this.#collectedBytes
    this.#collectedBytes = 0
    const taken = this.#init.conn.write(list ?? slab)
    if (this.#congested || this.#ended) return // it may have ended the connection
    if (taken) {
      this.#init.writeTurn.taken(bytes, 0)
      return
    }
    this.#congested = true
    this.#congestedBytes = bytes
    this.atMs = this.#init.timer.nowMs() + this.#init.writeTimeoutMs
    this.#init.timer.add(this)
    this.#init.conn.drained().then(this.#onDrained, this.#onFault)
  }

  /** The layer below took too long. */
  expire (): void {
    this.#init.fail(new ConnectionWriteTimeoutError(this.#init.writeTimeoutMs))
  }

  /** Sends nothing any more. */
  end (): void {
    this.#ended = true
    this.#init.timer.delete(this)
    clearImmediate(this.#immediate)
    this.#slab = NO_SLAB
    this.#list = undefined
  }

  readonly #onImmediate = (): void => {
    this.#immediate = undefined
    this.schedule()
  }

  readonly #onMicrotask = (): void => {
    process.nextTick(this.#onTurnEnd)
  }

  readonly #onTurnEnd = (): void => {
    this.#scheduled = false
    if (!this.#ended) this.#turn()
    this.#slab = NO_SLAB
    this.#start = 0
    this.#end = 0
  }

  readonly #onDrained = (): void => {
    if (this.#ended) return
    this.#congested = false
    this.#init.timer.delete(this)
    this.#init.writeTurn.taken(this.#congestedBytes, this.#init.timer.nowMs() - (this.atMs - this.#init.writeTimeoutMs))
    this.schedule()
  }

  readonly #onFault = (cause: unknown): void => {
    if (!this.#ended) this.#init.fail(cause instanceof Error ? cause : new Error('writing failed', { cause }))
  }

  #turn (): void {
    this.#filling = true
    const more = !this.#congested && this.#init.fill()
    this.#filling = false
    this.flush()
    // What reads the connection gets its turn in between.
    if (more) this.scheduleLater()
  }

  /** Makes room in the slab and takes it. @returns where */
  #room (bytes: number): number {
    if (this.#slab.byteLength - this.#end < bytes) {
      if (this.#end > this.#start) this.#sealed()
      this.#slab = Buffer.allocUnsafe(SLAB_BYTES)
      this.#start = 0
      this.#end = 0
    }
    const at = this.#end
    this.#end += bytes
    this.#collectedBytes += bytes
    if (!this.#filling) this.schedule()
    return at
  }

  /** Everything collected so far, as a list that more can be added to. */
  #sealed (): Uint8ArrayList {
    this.#list ??= new Uint8ArrayList()
    if (this.#end > this.#start) this.#list.append(this.#slab.subarray(this.#start, this.#end))
    this.#start = this.#end
    return this.#list
  }
}
