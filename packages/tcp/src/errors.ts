import { hasCode } from '@weir/network'
import type { Multiaddr } from '@multiformats/multiaddr'

/** An address that this transport does not dial, or does not listen on. */
export class TcpAddressError extends Error {
  override readonly name = 'TcpAddressError'
  readonly code = 'TCP_ADDRESS'
  readonly addr: Multiaddr
  readonly purpose: 'dial' | 'listen'

  constructor (purpose: 'dial' | 'listen', addr: Multiaddr, options?: ErrorOptions) {
    super(`cannot ${purpose} ${addr}: it takes ${purpose === 'dial' ? 'an IP address or a DNS name' : 'an IP address'} with a TCP port and nothing behind it but a peer`, options)
    this.addr = addr
    this.purpose = purpose
  }

  static is (error: unknown): error is TcpAddressError {
    return hasCode(error, 'TCP_ADDRESS')
  }
}

/** No connection to the address; the cause says why. */
export class TcpDialError extends Error {
  override readonly name = 'TcpDialError'
  readonly code = 'TCP_DIAL_FAILED'
  readonly addr: Multiaddr

  constructor (addr: Multiaddr, options: { cause: unknown }) {
    super(`failed to connect to ${addr}: ${reasonOf(options.cause)}`, options)
    this.addr = addr
  }

  static is (error: unknown): error is TcpDialError {
    return hasCode(error, 'TCP_DIAL_FAILED')
  }
}

/** The address cannot be listened on; the cause says why. */
export class TcpListenError extends Error {
  override readonly name = 'TcpListenError'
  readonly code = 'TCP_LISTEN_FAILED'
  readonly addr: Multiaddr

  constructor (addr: Multiaddr, options: { cause: unknown }) {
    super(`failed to listen on ${addr}: ${reasonOf(options.cause)}`, options)
    this.addr = addr
  }

  static is (error: unknown): error is TcpListenError {
    return hasCode(error, 'TCP_LISTEN_FAILED')
  }
}

/** Listening with a listener that was closed; also why what it was upgrading ended. */
export class TcpListenerClosedError extends Error {
  override readonly name = 'TcpListenerClosedError'
  readonly code = 'TCP_LISTENER_CLOSED'

  constructor (options?: ErrorOptions) {
    super('the listener is closed', options)
  }

  static is (error: unknown): error is TcpListenerClosedError {
    return hasCode(error, 'TCP_LISTENER_CLOSED')
  }
}

/** Something took longer than it may. */
export class TcpTimeoutError extends Error {
  override readonly name = 'TcpTimeoutError'
  readonly code = 'TCP_TIMEOUT'
  /** True for everything that may go well when it is tried again. */
  readonly temporary = true
  readonly what: 'connecting' | 'closing'
  readonly afterMs: number

  constructor (what: 'connecting' | 'closing', afterMs: number, options?: ErrorOptions) {
    super(`${what} timed out after ${afterMs} ms`, options)
    this.what = what
    this.afterMs = afterMs
  }

  static is (error: unknown): error is TcpTimeoutError {
    return hasCode(error, 'TCP_TIMEOUT')
  }
}

/** The connection broke: the remote reset it, or the network lost it. The cause is the system's error. */
export class TcpConnLostError extends Error {
  override readonly name = 'TcpConnLostError'
  readonly code = 'TCP_CONN_LOST'
  readonly remoteAddr: Multiaddr

  constructor (remoteAddr: Multiaddr, options: { cause: unknown }) {
    super(`lost the connection to ${remoteAddr}: ${reasonOf(options.cause)}`, options)
    this.remoteAddr = remoteAddr
  }

  static is (error: unknown): error is TcpConnLostError {
    return hasCode(error, 'TCP_CONN_LOST')
  }
}

/** More waits than may: the remote does not read and its user sends on, or more was pushed back than was ever to be read. */
export class TcpBufferFullError extends Error {
  override readonly name = 'TcpBufferFullError'
  readonly code = 'TCP_BUFFER_FULL'
  readonly buffer: 'write' | 'read'
  readonly bytes: number
  readonly limit: number

  constructor (buffer: 'write' | 'read', bytes: number, limit: number, options?: ErrorOptions) {
    super(`${bytes} bytes in the ${buffer} buffer are more than ${limit}: ${buffer === 'write' ? 'wait for drain when send answers false' : 'push back less'}`, options)
    this.buffer = buffer
    this.bytes = bytes
    this.limit = limit
  }

  static is (error: unknown): error is TcpBufferFullError {
    return hasCode(error, 'TCP_BUFFER_FULL')
  }
}

/** What a person wants to read of a cause. Several attempts at one name have no message of their own. */
function reasonOf (cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '') return cause.errors.map(reasonOf).join(', ')
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}
