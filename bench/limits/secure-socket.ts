import type { Socket } from 'node:net'
import { TAG_BYTES } from './crypto.ts'
import { noiseInitiator, noiseResponder, type NoiseIdentity, type NoiseMessages, type NoiseResult } from './noise.ts'
import { RecordReader } from './record-reader.ts'
import { multistreamHandshake } from './wire.ts'

const NOISE_PROPOSAL = multistreamHandshake('/noise')
const LENGTH_BYTES = 2
const MAX_PLAIN_BYTES = 65_535 - TAG_BYTES
/** Below it one buffer is cheaper than a vector. */
const COPY_BELOW_BYTES = 16 * 1024
const EMPTY = Buffer.alloc(0)

/**
 * A socket with Noise on it. What is written in one turn leaves in as few records and writes as there can be; what comes in is
 * handed over record by record.
 */
export class SecureSocket {
  readonly socket: Socket
  readonly #noise: NoiseResult
  #out: Uint8Array[] = []
  #scheduled = false

  constructor (socket: Socket, noise: NoiseResult, rest: Buffer, take: (plain: Buffer) => void) {
    this.socket = socket
    this.#noise = noise
    const reader = new RecordReader(noise.receiving, take)
    socket.on('data', (chunk: Buffer) => { reader.feed(chunk) })
    reader.feed(rest)
  }

  /** Sends in this turn. @returns whether the socket would like more */
  write (...parts: Uint8Array[]): boolean {
    this.#out.push(...parts)
    if (!this.#scheduled) {
      this.#scheduled = true
      queueMicrotask(() => { this.#flush() })
    }
    return !this.socket.writableNeedDrain
  }

  #flush (): void {
    this.#scheduled = false
    const sealed: Buffer[] = []
    let record: Uint8Array[] = []
    let length = 0
    const end = (): void => {
      const head = Buffer.allocUnsafe(LENGTH_BYTES)
      head.writeUInt16BE(length + TAG_BYTES)
      sealed.push(head, ...this.#noise.sending.seal(record))
      record = []
      length = 0
    }
    for (let part of this.#out) {
      while (part.byteLength > 0) {
        const fits = part.subarray(0, MAX_PLAIN_BYTES - length)
        record.push(fits)
        length += fits.byteLength
        part = part.subarray(fits.byteLength)
        if (length === MAX_PLAIN_BYTES) end()
      }
    }
    if (length > 0) end()
    this.#out = []
    const total = sealed.reduce((sum, { byteLength }) => sum + byteLength, 0)
    if (total < COPY_BELOW_BYTES) {
      this.socket.write(Buffer.concat(sealed, total))
      return
    }
    this.socket.cork()
    for (const buffer of sealed) this.socket.write(buffer)
    this.socket.uncork()
  }
}

/** Reads a socket before it is secured: so many bytes at a time. */
class HandshakeReader implements NoiseMessages {
  readonly #socket: Socket
  #have: Buffer = EMPTY
  #wake: () => void = () => {}
  #failure: Error | undefined
  readonly #onData = (chunk: Buffer): void => {
    this.#have = this.#have.byteLength === 0 ? chunk : Buffer.concat([this.#have, chunk])
    this.#wake()
  }

  readonly #onClose = (): void => {
    this.#failure = new Error('the socket closed during the handshake')
    this.#wake()
  }

  constructor (socket: Socket) {
    this.#socket = socket
    socket.on('data', this.#onData)
    socket.on('close', this.#onClose)
  }

  async exactly (bytes: number): Promise<Buffer> {
    while (this.#have.byteLength < bytes) {
      if (this.#failure !== undefined) throw this.#failure
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
    const taken = this.#have.subarray(0, bytes)
    this.#have = this.#have.subarray(bytes)
    return taken
  }

  async receive (): Promise<Buffer> {
    return await this.exactly((await this.exactly(LENGTH_BYTES)).readUInt16BE(0))
  }

  send (message: Buffer): void {
    const head = Buffer.allocUnsafe(LENGTH_BYTES)
    head.writeUInt16BE(message.byteLength)
    this.#socket.write(Buffer.concat([head, message]))
  }

  /** Stops reading. @returns what came behind the handshake */
  release (): Buffer {
    this.#socket.off('data', this.#onData)
    this.#socket.off('close', this.#onClose)
    return this.#have
  }
}

/** Negotiates and secures a connected socket. `take` is called with what comes in, possibly before this resolves. */
export async function secure (socket: Socket, own: NoiseIdentity, dialled: boolean, take: (plain: Buffer) => void): Promise<SecureSocket> {
  const reader = new HandshakeReader(socket)
  if (dialled) socket.write(NOISE_PROPOSAL)
  const proposal = await reader.exactly(NOISE_PROPOSAL.byteLength)
  if (!proposal.equals(NOISE_PROPOSAL)) throw new Error(`expected /noise, got ${proposal}`)
  if (!dialled) socket.write(NOISE_PROPOSAL)
  const noise = await (dialled ? noiseInitiator : noiseResponder)(own, reader)
  return new SecureSocket(socket, noise, reader.release(), take)
}
