import type { Socket } from 'node:net'
import type { NoiseIdentity } from './noise.ts'
import { type SecureSocket, secure } from './secure-socket.ts'
import { YAMUX_FLAG, YAMUX_HEADER_BYTES, YAMUX_INITIAL_WINDOW_BYTES, YAMUX_MAX_WINDOW_BYTES, YAMUX_TYPE, yamuxHeader } from './wire.ts'

const EMPTY = Buffer.alloc(0)
/** With its header it fills one record. */
const MAX_FRAME_DATA_BYTES = 65_519 - YAMUX_HEADER_BYTES

/** What a stream of the model tells its user. */
export interface StreamEvents {
  data (data: Buffer): void
  end (): void
}

/** A Yamux stream with nothing around it: windows, flags, and calls. */
export class ModelStream {
  readonly id: number
  readonly #session: Session
  #events: StreamEvents
  #flag: number
  #sendWindowBytes = YAMUX_INITIAL_WINDOW_BYTES
  #receiveWindowBytes = YAMUX_INITIAL_WINDOW_BYTES
  #consumedBytes = 0
  #wake: () => void = () => {}
  #ends = 0

  constructor (session: Session, id: number, flag: number, events: StreamEvents) {
    this.#session = session
    this.id = id
    this.#flag = flag
    this.#events = events
  }

  listen (events: StreamEvents): void {
    this.#events = events
  }

  /** Sends what is small enough for every window. */
  write (data: Uint8Array, flags: number = 0): void {
    this.#session.secure.write(yamuxHeader(YAMUX_TYPE.data, this.#flag | flags, this.id, data.byteLength), data)
    this.#sendWindowBytes -= data.byteLength
    this.#flag = 0
    if ((flags & YAMUX_FLAG.fin) !== 0) this.#end()
  }

  /** Sends anything, under the remote's window and as fast as the socket takes it. */
  async send (data: Uint8Array): Promise<void> {
    for (let left = data; left.byteLength > 0;) {
      const allowed = Math.min(left.byteLength, this.#sendWindowBytes, MAX_FRAME_DATA_BYTES)
      if (allowed === 0) {
        const { promise, resolve } = Promise.withResolvers<void>()
        this.#wake = resolve
        await promise
        continue
      }
      this.write(left.subarray(0, allowed))
      left = left.subarray(allowed)
    }
    await this.#session.drained()
  }

  end (): void {
    this.write(EMPTY, YAMUX_FLAG.fin)
  }

  take (data: Buffer): void {
    this.#consumedBytes += data.byteLength
    if (this.#consumedBytes >= this.#receiveWindowBytes / 2) this.#updateWindow()
    this.#events.data(data)
  }

  takeEnd (): void {
    this.#events.end()
    this.#end()
  }

  takeWindow (bytes: number): void {
    this.#sendWindowBytes += bytes
    this.#wake()
  }

  #updateWindow (): void {
    const next = Math.min(2 * this.#receiveWindowBytes, YAMUX_MAX_WINDOW_BYTES)
    this.#session.secure.write(yamuxHeader(YAMUX_TYPE.windowUpdate, this.#flag, this.id, this.#consumedBytes + next - this.#receiveWindowBytes))
    this.#flag = 0
    this.#receiveWindowBytes = next
    this.#consumedBytes = 0
  }

  #end (): void {
    if (++this.#ends === 2) this.#session.streams.delete(this.id)
  }
}

/** A Yamux session with nothing around it. */
export class Session {
  readonly streams: Map<number, ModelStream> = new Map()
  readonly #accept: (stream: ModelStream) => void
  #secure: SecureSocket | undefined
  #nextId: number
  #header: Buffer = EMPTY
  #bodyLeft = 0
  #body: ModelStream | undefined
  #bodyFlags = 0

  constructor (dialled: boolean, accept: (stream: ModelStream) => void) {
    this.#nextId = dialled ? 1 : 2
    this.#accept = accept
  }

  static async over (socket: Socket, own: NoiseIdentity, dialled: boolean, accept: (stream: ModelStream) => void): Promise<Session> {
    const session = new Session(dialled, accept)
    const early: Buffer[] = []
    let started = false
    session.#secure = await secure(socket, own, dialled, plain => {
      if (started) session.#feed(plain)
      else early.push(plain)
    })
    started = true
    for (const plain of early) session.#feed(plain)
    return session
  }

  get secure (): SecureSocket {
    if (this.#secure === undefined) throw new Error('not secured yet')
    return this.#secure
  }

  open (events: StreamEvents): ModelStream {
    const stream = new ModelStream(this, this.#nextId, YAMUX_FLAG.syn, events)
    this.#nextId += 2
    this.streams.set(stream.id, stream)
    return stream
  }

  async drained (): Promise<void> {
    // The bytes of this turn are written at its end.
    await null
    const { socket } = this.secure
    if (!socket.writableNeedDrain) return
    const { promise, resolve } = Promise.withResolvers<void>()
    socket.once('drain', resolve)
    await promise
  }

  async close (): Promise<void> {
    const { socket } = this.secure
    const { promise, resolve } = Promise.withResolvers<void>()
    socket.once('close', () => { resolve() })
    this.secure.write(yamuxHeader(YAMUX_TYPE.goAway, 0, 0, 0))
    await null
    socket.destroySoon()
    await promise
  }

  #feed (plain: Buffer): void {
    let data = plain
    while (data.byteLength > 0) {
      if (this.#bodyLeft > 0) {
        const part = data.subarray(0, this.#bodyLeft)
        data = data.subarray(part.byteLength)
        this.#bodyLeft -= part.byteLength
        this.#body?.take(part)
        if (this.#bodyLeft === 0) this.#endOfFrame()
        continue
      }
      const header = this.#header.byteLength === 0 ? data : Buffer.concat([this.#header, data])
      if (header.byteLength < YAMUX_HEADER_BYTES) {
        this.#header = header
        return
      }
      this.#header = EMPTY
      data = header.subarray(YAMUX_HEADER_BYTES)
      this.#frame(header)
    }
  }

  #frame (header: Buffer): void {
    const type = header[1]
    const flags = header.readUInt16BE(2)
    const id = header.readUInt32BE(4)
    const length = header.readUInt32BE(8)
    if (type === YAMUX_TYPE.ping && (flags & YAMUX_FLAG.syn) !== 0) this.secure.write(yamuxHeader(YAMUX_TYPE.ping, YAMUX_FLAG.ack, 0, length))
    if (type !== YAMUX_TYPE.data && type !== YAMUX_TYPE.windowUpdate) return
    if ((flags & YAMUX_FLAG.syn) !== 0) {
      const stream = new ModelStream(this, id, YAMUX_FLAG.ack, { data () {}, end () {} })
      this.streams.set(id, stream)
      this.#accept(stream)
    }
    const stream = this.streams.get(id)
    if (type === YAMUX_TYPE.windowUpdate) stream?.takeWindow(length)
    this.#body = stream
    this.#bodyFlags = flags
    this.#bodyLeft = type === YAMUX_TYPE.data ? length : 0
    if (this.#bodyLeft === 0) this.#endOfFrame()
  }

  #endOfFrame (): void {
    if ((this.#bodyFlags & YAMUX_FLAG.fin) !== 0) this.#body?.takeEnd()
    this.#body = undefined
  }
}
