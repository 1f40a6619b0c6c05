import { chmod, unlink } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import type { Clock } from '@weir/network'
import { controlLine, type ControlRequest, type ControlResponse, parseControlRequest } from './control-message.ts'
import { CONTROL_DEFAULTS, DATA_DIR_DEFAULTS } from './defaults.ts'
import { ControlProtocolError, ControlSocketError } from './errors.ts'
import { socketLines } from './socket-lines.ts'

/** What a request is answered with. What it throws is told to the client: its `code` and its message. */
export type ControlHandler = (params: ControlRequest['params']) => unknown

export interface ControlSocketInit {
  /** Of the socket; whoever calls holds the lock of the directory it is in. */
  readonly path: string
  readonly handlers: Readonly<Record<string, ControlHandler>>
  readonly clock: Clock
}

/**
 * Answers requests on a Unix socket that its owner alone can open: a line of JSON each, answered in turn.
 *
 * A socket that is there already is of a node that died, as the lock of its directory is ours; it is replaced. A client that
 * says nothing for a while, or does not read its answers, is cut off; those beyond `maxClients` are told so and cut off.
 *
 * @returns what closes it and its clients; the socket's file is removed then
 * @throws {ControlSocketError} when it cannot be made
 */
export async function openControlSocket (init: ControlSocketInit): Promise<AsyncDisposable> {
  const clients = new Set<Socket>()
  const server = createServer(socket => {
    socket.on('error', () => {}) // a client that went away is no concern of the node
    if (clients.size >= CONTROL_DEFAULTS.maxClients) {
      socket.end(controlLine(failure(null, new ControlProtocolError('too many clients'))), () => { socket.destroy() })
      return
    }
    clients.add(socket)
    void serve(socket, init).finally(() => {
      clients.delete(socket)
      socket.destroySoon()
    })
  })
  try {
    await listen(server, init.path)
  } catch (cause) {
    server.close()
    throw new ControlSocketError(init.path, { cause })
  }
  server.unref() // it keeps no process alive, as no timer does
  return {
    async [Symbol.asyncDispose] () {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of clients) socket.destroy(new ControlProtocolError('the node stops')) // with an error: who waits to write is told by nothing else
      await closed
    }
  }
}

async function listen (server: Server, path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'ENOENT') throw error })
  const listening = once(server, 'listening')
  server.listen({ path })
  await listening
  server.on('error', () => {}) // one client that cannot be accepted, as when descriptors run out: the next may
  await chmod(path, DATA_DIR_DEFAULTS.fileMode) // until then the directory keeps others out
}

/** Never rejects: whatever a client does ends with the client. */
async function serve (socket: Socket, { handlers, clock }: ControlSocketInit): Promise<void> {
  const cut = (): void => { socket.destroy(new ControlProtocolError('idle for too long')) }
  let idle = clock.setTimeout(cut, CONTROL_DEFAULTS.idleMs)
  try {
    for await (const line of socketLines(socket, CONTROL_DEFAULTS.maxLineBytes)) {
      idle[Symbol.dispose]()
      const answer = controlLine(await respond(line, handlers))
      idle = clock.setTimeout(cut, CONTROL_DEFAULTS.idleMs)
      if (!socket.write(answer)) await once(socket, 'drain')
    }
  } catch (error) {
    if (ControlProtocolError.is(error) && !socket.destroyed) socket.end(controlLine(failure(null, error)))
  } finally {
    idle[Symbol.dispose]()
  }
}

async function respond (line: string, handlers: ControlSocketInit['handlers']): Promise<ControlResponse> {
  const request = parseControlRequest(line)
  if (request === undefined) return failure(null, new ControlProtocolError('no request: a line like {"id":1,"method":"snapshot"} is expected'))
  const { id, method, params } = request
  try {
    const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined
    if (handler === undefined) throw new ControlProtocolError(`no method ${JSON.stringify(method)}: there are ${Object.keys(handlers).join(', ')}`)
    return { id, result: await handler(params) ?? null }
  } catch (error) {
    return failure(id, error)
  }
}

function failure (id: number | null, error: unknown): ControlResponse {
  const { code, message } = error as { code?: unknown, message?: unknown }
  return { id, error: { code: typeof code === 'string' ? code : 'FAILED', message: String(message ?? error) } }
}
