import type { SecureConn } from '@weir/network'
import { ConnectionClosedError, InvalidReadRequestError } from './errors.ts'

export interface ReadRequest {
  /** Where in the buffer the bytes go. @defaultValue 0 */
  readonly posBytes?: number | undefined
  /** How many at most. @defaultValue all from there to the buffer's end */
  readonly lengthBytes?: number | undefined
  readonly signal?: AbortSignal | undefined
}

function placeOf (buffer: Uint8Array, { posBytes = 0, lengthBytes = buffer.length - posBytes }: ReadRequest): Uint8Array {
  const check = (holds: boolean, expected: string): void => {
    if (!holds) throw new InvalidReadRequestError(expected, { posBytes, lengthBytes, bufferBytes: buffer.length })
  }
  check(Number.isSafeInteger(posBytes) && posBytes >= 0, '0 <= position')
  check(Number.isSafeInteger(lengthBytes) && lengthBytes >= 0, '0 <= length')
  check(posBytes + lengthBytes <= buffer.length, 'position + length <= buffer')
  return buffer.subarray(posBytes, posBytes + lengthBytes)
}

/**
 * Reads a connection into buffers of a size that the reader chooses. An aborted read loses nothing: the next one gets the bytes.
 *
 * @see reference/tezos-p2p.md 4.1, "read_full"
 */
export class ByteReader {
  readonly #conn: SecureConn
  #rest: Uint8Array = new Uint8Array()
  #pending: Promise<Uint8Array | undefined> | undefined

  constructor (conn: SecureConn) {
    this.#conn = conn
  }

  /**
   * Reads at least one byte and at most what was asked for.
   *
   * @returns how many
   * @throws {ConnectionClosedError} at the end @throws {InvalidReadRequestError} or the signal's reason
   */
  async read (buffer: Uint8Array, request: ReadRequest = {}): Promise<number> {
    const place = placeOf(buffer, request)
    if (place.length === 0) return 0
    const bytes = await this.next(request)
    if (bytes === undefined) throw new ConnectionClosedError('peer')
    const taken = bytes.subarray(0, place.length)
    place.set(taken)
    this.#rest = bytes.subarray(taken.length)
    return taken.length
  }

  /** Reads all that was asked for. @throws as `read` */
  async readFull (buffer: Uint8Array, request: ReadRequest = {}): Promise<void> {
    const place = placeOf(buffer, request)
    for (let at = 0; at < place.length;) at += await this.read(place, { posBytes: at, signal: request.signal })
  }

  /** What comes next, in whatever size it came; undefined at the end. It belongs to the caller. */
  async next ({ signal }: Pick<ReadRequest, 'signal'> = {}): Promise<Uint8Array | undefined> {
    signal?.throwIfAborted()
    if (this.#rest.length > 0) {
      const rest = this.#rest
      this.#rest = new Uint8Array()
      return rest
    }
    this.#pending ??= this.#readConn()
    const bytes = signal === undefined ? await this.#pending : await raceAbort(this.#pending, signal)
    this.#pending = undefined
    return bytes
  }

  async #readConn (): Promise<Uint8Array | undefined> {
    for (;;) {
      const data = await this.#conn.read()
      if (data === undefined) return undefined
      if (data.byteLength > 0) return data instanceof Uint8Array ? data : data.subarray()
    }
  }
}

async function raceAbort<T> (promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => { aborted.reject(signal.reason) }
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
