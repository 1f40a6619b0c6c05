import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { controlLine, parseControlResponse } from './control-message.ts'
import { controlPath } from './control-path.ts'
import { CONTROL_DEFAULTS } from './defaults.ts'
import { ControlProtocolError, ControlRequestError, ControlSocketError } from './errors.ts'
import { socketLines } from './socket-lines.ts'

/** A connection to the control socket of a node that runs. Whoever opened it closes it. */
export interface ControlClient extends Disposable {
  /**
   * Asks the node. One request at a time.
   *
   * @param params - what the method takes; see the README
   * @throws {ControlRequestError} when the node says no, with its code
   * @throws {ControlProtocolError} when what answers is no node, or the connection ends
   * @throws the signal's reason
   */
  request (method: string, params?: Readonly<Record<string, unknown>>, options?: { readonly signal?: AbortSignal | undefined }): Promise<unknown>
}

/**
 * Connects to the node that runs on a data directory.
 *
 * @returns `undefined` when none runs there
 * @throws {ControlSocketError} when there is one that cannot be talked to
 */
export async function connectControl (dataDir: string): Promise<ControlClient | undefined> {
  const path = controlPath(resolve(dataDir))
  const socket = connect(path)
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONTROL_DEFAULTS.requestTimeoutMs) })
  } catch (cause) {
    socket.destroy()
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ECONNREFUSED') return undefined // the last: it died and left its socket behind
    throw new ControlSocketError(path, { cause })
  }
  return new SocketControlClient(socket)
}

class SocketControlClient implements ControlClient {
  readonly #socket: Socket
  readonly #lines: AsyncGenerator<string>
  #count = 0

  constructor (socket: Socket) {
    this.#socket = socket.on('error', () => {}) // told by the end of the lines
    this.#lines = socketLines(socket, CONTROL_DEFAULTS.maxAnswerBytes)
  }

  async request (method: string, params: Readonly<Record<string, unknown>> = {}, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<unknown> {
    const deadline = AbortSignal.timeout(CONTROL_DEFAULTS.requestTimeoutMs)
    const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline])
    either.throwIfAborted()
    const onAbort = (): void => { this.#socket.destroy() }
    either.addEventListener('abort', onAbort)
    try {
      return await this.#exchange(method, params)
    } catch (error) {
      throw either.aborted ? either.reason : error
    } finally {
      either.removeEventListener('abort', onAbort)
    }
  }

  [Symbol.dispose] (): void {
    this.#socket.destroy()
  }

  async #exchange (method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    const id = ++this.#count
    this.#socket.write(controlLine({ id, method, params }))
    let line: IteratorResult<string>
    try {
      line = await this.#lines.next()
    } catch (cause) {
      throw ControlProtocolError.is(cause) ? cause : new ControlProtocolError('the connection to the node ended', { cause })
    }
    if (line.done === true) throw new ControlProtocolError('the node closed the connection')
    const response = parseControlResponse(line.value)
    if (response === undefined) throw new ControlProtocolError('the answer is none')
    if ('error' in response) throw new ControlRequestError(response.error.code, response.error.message)
    if (response.id !== id) throw new ControlProtocolError(`the answer is for request ${response.id}, not ${id}`)
    return response.result
  }
}
