import { connect, type Socket } from 'node:net'
import type { Multiaddr } from '@multiformats/multiaddr'
import { TcpDialError, TcpTimeoutError } from './errors.ts'
import { connectOptions } from './net-address.ts'
import type { TcpSettings } from './tcp-init.ts'
import { socketOptions } from './socket-options.ts'

/**
 * A socket that is connected to the address and not read from yet. It is the caller's from then on, before that it is
 * destroyed on any failure.
 *
 * @throws {TcpAddressError} {TcpDialError} or the signal's reason
 */
export async function connectSocket (addr: Multiaddr, settings: TcpSettings, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<Socket>()
  const socket = connect({ ...connectOptions(addr), ...socketOptions(settings) })
  socket.pause()
  using undo = new DisposableStack()
  undo.defer(() => { socket.destroy() })
  const onAbort = (): void => { reject(signal.reason) }
  const { connectTimeoutMs, clock } = settings
  using _timer = clock.setTimeout(() => { reject(new TcpDialError(addr, { cause: new TcpTimeoutError('connecting', connectTimeoutMs) })) }, connectTimeoutMs)
  socket.on('connect', () => { resolve(socket) })
  socket.on('error', cause => { reject(new TcpDialError(addr, { cause })) })
  signal.addEventListener('abort', onAbort)
  try {
    await promise
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
  undo.move()
  return socket
}
