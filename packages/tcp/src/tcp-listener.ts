import type { Server, Socket } from 'node:net'
import { type Listener, type ListenerEvents, type Logger, TypedEventEmitter, type Upgrader } from '@libp2p/interface'
import { getThinWaistAddresses } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import { TcpListenerClosedError, TcpListenError } from './errors.ts'
import { listenOptions, multiaddrOf } from './net-address.ts'
import { TcpConn } from './tcp-conn.ts'
import type { TcpSettings } from './tcp-init.ts'

export interface TcpListenerInit {
  /** Nobody's but the listener's. */
  readonly server: Server
  readonly upgrader: Upgrader
  readonly settings: TcpSettings
  readonly log: Logger
}

/**
 * Listens on one address and hands each socket to the upgrader in the turn in which it was accepted, before anything of it is read.
 *
 * It bounds nothing itself: the upgrader's first, synchronous step admits or refuses. `close` ends what is still being
 * upgraded and leaves the connections that are ready. `error` tells of what went wrong while it listens; `close` comes
 * once, also when the server died by itself.
 */
export class TcpListener extends TypedEventEmitter<ListenerEvents> implements Listener {
  readonly #server: Server
  readonly #upgrader: Upgrader
  readonly #settings: TcpSettings
  readonly #log: Logger
  readonly #closing = new AbortController()
  #addr: Multiaddr | undefined

  constructor ({ server, upgrader, settings, log }: TcpListenerInit) {
    super()
    this.#server = server
    this.#upgrader = upgrader
    this.#settings = settings
    this.#log = log
    server.on('connection', this.#onConnection)
    server.on('error', this.#onError)
    server.on('close', this.#onClosed)
  }

  /**
   * @throws {TcpAddressError} {TcpListenError} {TcpListenerClosedError}
   * @throws {TypeError} when it listens already
   */
  async listen (addr: Multiaddr): Promise<void> {
    if (this.#closing.signal.aborted) throw new TcpListenerClosedError()
    if (this.#addr !== undefined) throw new TypeError(`it listens on ${this.#addr} already: make another listener`)
    const options = listenOptions(addr)
    this.#addr = addr
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#server.once('listening', resolve).once('error', reject)
    this.#server.listen({ ...options, backlog: this.#settings.backlog })
    try {
      await promise
    } catch (cause) {
      this.#addr = undefined
      throw new TcpListenError(addr, { cause })
    } finally {
      this.#server.off('listening', resolve).off('error', reject)
    }
    if (this.#closing.signal.aborted) {
      this.#server.close()
      throw new TcpListenerClosedError()
    }
    this.dispatchEvent(new Event('listening'))
  }

  /** Where it can be reached: "any interface" as those that there are now, with the port that it got. */
  getAddrs (): Multiaddr[] {
    const bound = this.#server.address()
    return bound === null || typeof bound === 'string' ? [] : getThinWaistAddresses(this.#addr, bound.port)
  }

  /** Says nothing to this transport. */
  updateAnnounceAddrs (): void {}

  /** Stops listening; the port is free when it resolves. */
  async close (): Promise<void> {
    if (this.#server.listening) this.#server.close() // its own event would wait for the connections
    this.#onClosed()
  }

  readonly #onConnection = (socket: Socket): void => {
    const { remoteAddress, remotePort, localAddress, localPort } = socket
    if (remoteAddress === undefined || remotePort === undefined || localAddress === undefined || localPort === undefined) {
      socket.destroy() // the remote was gone before we came to it
      return
    }
    void this.#upgrade(new TcpConn({
      socket,
      direction: 'inbound',
      localMultiaddr: multiaddrOf(localAddress, localPort),
      remoteMultiaddr: multiaddrOf(remoteAddress, remotePort),
      settings: this.#settings,
      log: this.#log
    }))
  }

  async #upgrade (conn: TcpConn): Promise<void> {
    try {
      await this.#upgrader.upgradeInbound(conn, { signal: this.#closing.signal })
    } catch (error) {
      this.#log('inbound connection from %a was not upgraded - %e', conn.remoteAddr, error)
      conn.abort(error instanceof Error ? error : new Error(String(error), { cause: error }))
    }
  }

  // Of one that does not listen yet, the rejection of `listen` says it.
  readonly #onError = (error: Error): void => {
    if (this.#server.listening) this.dispatchEvent(new CustomEvent('error', { detail: error }))
  }

  readonly #onClosed = (): void => {
    if (this.#closing.signal.aborted) return
    this.#closing.abort(new TcpListenerClosedError())
    queueMicrotask(() => { this.dispatchEvent(new Event('close')) }) // js-libp2p forgets listeners by it, and goes through them while it closes them
  }
}
