import { createServer } from 'node:net'
import {
  type ComponentLogger, type Connection, type CreateListenerOptions, type DialTransportOptions, type Listener, type Logger, serviceCapabilities, type Transport,
  transportSymbol
} from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { connectSocket } from './connect-socket.ts'
import { isDialable, isListenable, multiaddrOf } from './net-address.ts'
import { socketOptions } from './socket-options.ts'
import { TcpConn } from './tcp-conn.ts'
import { type TcpInit, type TcpSettings, tcpSettings } from './tcp-init.ts'
import { TcpListener } from './tcp-listener.ts'

/** What the transport needs of whoever runs it: a swarm, or a js-libp2p node. */
export interface TcpComponents {
  readonly logger: ComponentLogger
}

/**
 * TCP as a js-libp2p transport, for a swarm and for a js-libp2p node alike. It connects and accepts, and leaves all the rest
 * to the upgrader that comes with each dial and each listener.
 *
 * `dial` rejects with a `TcpAddressError`, a `TcpDialError`, the signal's reason, or what the upgrader throws.
 *
 * @throws {TypeError | RangeError} for an init that makes no sense
 * @see reference/js-libp2p.md 1.1 for the contract, go-libp2p.md 5.5 and 5.8 for what it does
 */
export function tcp (init: TcpInit = {}): (components: TcpComponents) => Transport {
  const settings = tcpSettings(init)
  return ({ logger }) => new TcpTransport(settings, logger.forComponent('weir:tcp'))
}

class TcpTransport implements Transport {
  readonly [transportSymbol] = true
  readonly [Symbol.toStringTag] = '@weir/tcp'
  readonly [serviceCapabilities] = ['@libp2p/transport']
  readonly #settings: TcpSettings
  readonly #log: Logger

  constructor (settings: TcpSettings, log: Logger) {
    this.#settings = settings
    this.#log = log
  }

  async dial (addr: Multiaddr, { signal, upgrader, ...options }: DialTransportOptions): Promise<Connection> {
    const socket = await connectSocket(addr, this.#settings, signal)
    const { localAddress = '0.0.0.0', localPort = 0 } = socket // it may have broken since: then reading says so
    const conn = new TcpConn({
      socket,
      direction: 'outbound',
      localMultiaddr: multiaddrOf(localAddress, localPort),
      remoteMultiaddr: addr,
      settings: this.#settings,
      log: this.#log
    })
    try {
      return await upgrader.upgradeOutbound(conn, { ...options, signal })
    } catch (error) {
      conn.abort(error instanceof Error ? error : new Error(String(error), { cause: error }))
      throw error
    }
  }

  createListener ({ upgrader }: CreateListenerOptions): Listener {
    const settings = this.#settings
    const server = createServer({ ...socketOptions(settings), pauseOnConnect: true }) // refused, nothing of it was ever read
    return new TcpListener({ server, upgrader, settings, log: this.#log })
  }

  listenFilter (addrs: Multiaddr[]): Multiaddr[] {
    return addrs.filter(isListenable)
  }

  dialFilter (addrs: Multiaddr[]): Multiaddr[] {
    return addrs.filter(isDialable)
  }
}
