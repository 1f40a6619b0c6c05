import type { Socket } from 'node:net'
import { type Clock, type SecureConn, systemClock } from '@weir/network'
import { READ_AHEAD_BYTES, SOCKET_CLOSE_TIMEOUT_MS } from './defaults.ts'
import { ConnectionClosedError, ConnectionError } from './errors.ts'

type Data = Parameters<SecureConn['write']>[0]

/** An error of a socket as one of ours. @see reference/tezos-p2p.md 4.4 */
function asConnectionError (error: NodeJS.ErrnoException): Error {
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || error.code === 'ECONNABORTED') return new ConnectionClosedError('peer', { cause: error })
  if (error.code === 'ERR_STREAM_DESTROYED' || error.code === 'ECANCELED') return new ConnectionClosedError('local', { cause: error })
  return error.code === 'ETIMEDOUT' ? new ConnectionClosedError('lost', { cause: error }) : new ConnectionError({ cause: error })
}

/** Each buffer that is read belongs to the reader, who may write into it. */
class SocketConn implements SecureConn {
  readonly #socket: Socket
  readonly #clock: Clock
  readonly #buffers: Buffer[] = []
  readonly #closed = Promise.withResolvers<void>()
  #bufferedBytes = 0
  #ended = false
  #error: Error | undefined
  #reading: PromiseWithResolvers<Buffer | undefined> | undefined
  #draining: PromiseWithResolvers<void> | undefined

  constructor (socket: Socket, clock: Clock) {
    this.#socket = socket
    this.#clock = clock
    socket.setNoDelay(true)
    socket.on('data', data => { this.#take(data as Buffer) })
    socket.on('end', () => { this.#end() })
    socket.on('error', error => { this.#fail(asConnectionError(error)) })
    socket.on('close', () => {
      if (this.#error === undefined) this.#fail(new ConnectionClosedError(this.#ended ? 'peer' : 'local'))
      this.#closed.resolve()
    })
  }

  async read (): Promise<Buffer | undefined> {
    const buffer = this.#buffers.shift()
    if (buffer !== undefined) {
      this.#bufferedBytes -= buffer.length
      if (this.#bufferedBytes < READ_AHEAD_BYTES && this.#socket.isPaused()) this.#socket.resume()
      return buffer
    }
    if (this.#ended) return undefined
    if (this.#error !== undefined) throw this.#error
    if (this.#reading !== undefined) throw new TypeError('a connection has one reader')
    this.#reading = Promise.withResolvers()
    return await this.#reading.promise
  }

  write (data: Data): boolean {
    if (this.#error !== undefined || !this.#socket.writable) return true
    return this.#socket.write(data instanceof Uint8Array ? data : data.subarray())
  }

  async drained (): Promise<void> {
    if (this.#error !== undefined) throw this.#error
    if (this.#socket.writableLength === 0) return
    this.#draining ??= this.#drain()
    await this.#draining.promise
  }

  /** Ends the writing side, discards what comes in (unread bytes would make the end a reset that drops what was sent), and waits for the other's end. */
  async close (): Promise<void> {
    if (!this.#socket.destroyed) {
      this.#socket.end()
      this.#buffers.length = 0
      this.#socket.resume()
      using _deadline = this.#clock.setTimeout(() => { this.#socket.destroy() }, SOCKET_CLOSE_TIMEOUT_MS)
      await this.#closed.promise
    }
    await this.#closed.promise
  }

  abort (cause: Error): void {
    this.#fail(cause)
    this.#socket.destroy()
  }

  #take (data: Buffer): void {
    if (this.#error !== undefined || this.#socket.writableEnded) return
    if (this.#reading !== undefined) {
      this.#reading.resolve(data)
      this.#reading = undefined
      return
    }
    this.#buffers.push(data)
    this.#bufferedBytes += data.length
    if (this.#bufferedBytes >= READ_AHEAD_BYTES) this.#socket.pause()
  }

  #end (): void {
    this.#ended = true
    this.#reading?.resolve(undefined)
    this.#reading = undefined
  }

  #fail (error: Error): void {
    this.#error ??= error
    this.#reading?.reject(this.#error)
    this.#reading = undefined
    this.#draining?.reject(this.#error)
    this.#draining = undefined
  }

  #drain (): PromiseWithResolvers<void> {
    const draining = Promise.withResolvers<void>()
    this.#socket.write(Buffer.alloc(0), error => { // called when all before it has gone to the kernel
      if (this.#draining === draining) this.#draining = undefined
      if (error === undefined || error === null) draining.resolve()
      else draining.reject(asConnectionError(error))
    })
    return draining
  }
}

/**
 * A socket as a byte connection, which owns it from here on. `drained` resolves when the kernel has taken every byte.
 *
 * Not promised: that the peer has got anything.
 */
export function fromSocket (socket: Socket, { clock = systemClock }: { readonly clock?: Clock | undefined } = {}): SecureConn {
  return new SocketConn(socket, clock)
}
