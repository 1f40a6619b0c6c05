import type { Listener, Logger, Transport, Upgrader } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { AddrFailure } from './addr-failure.ts'
import { ListenError, NoTransportError } from './errors.ts'
import type { Notifier } from './notifier.ts'

interface Listening {
  readonly listener: Listener
  /** As asked for, with the port that it got. */
  readonly addr: Multiaddr
}

/** The listeners of a swarm. One that dies by itself is removed and reported like one that is closed. */
export class Listeners {
  readonly #notifier: Notifier
  readonly #log: Logger
  readonly #listening = new Set<Listening>()

  constructor (notifier: Notifier, log: Logger) {
    this.#notifier = notifier
    this.#log = log
  }

  /** @returns the addresses, as asked for, with the ports that were given */
  addrs (): Multiaddr[] {
    return [...this.#listening].map(({ addr }) => addr)
  }

  /** `addrs` with "any interface" replaced by the interfaces there are. */
  interfaceAddrs (): Multiaddr[] {
    return [...this.#listening].flatMap(({ listener }) => listener.getAddrs())
  }

  /**
   * Listens on each address with the first transport that can.
   *
   * @param upgraderFor - the upgrader for what the listener accepts, told of the listener's address
   * @returns the addresses that did not work, beside those that do
   * @throws {ListenError} when none of them works
   */
  async listen (addrs: readonly Multiaddr[], transports: readonly Transport[], upgraderFor: (transport: Transport, addr: () => Multiaddr) => Upgrader): Promise<AddrFailure[]> {
    const failures: AddrFailure[] = []
    for (const addr of addrs) {
      try {
        const transport = transports.find(transport => transport.listenFilter([addr]).length > 0)
        if (transport === undefined) throw new NoTransportError(addr)
        let bound = addr
        const listener = transport.createListener({ upgrader: upgraderFor(transport, () => bound) })
        listener.addEventListener('error', ({ detail }) => { this.#log.error('listener at %a: %e', bound, detail) }) // one that cannot go on closes next
        await listener.listen(addr)
        bound = boundAddr(addr, listener.getAddrs())
        this.#add({ listener, addr: bound })
      } catch (cause) {
        failures.push({ addr, cause })
      }
    }
    if (failures.length > 0 && failures.length === addrs.length) throw new ListenError(failures)
    return failures
  }

  async close (addrs: readonly Multiaddr[]): Promise<void> {
    const wanted = new Set(addrs.map(addr => addr.toString()))
    await this.#closeAll([...this.#listening].filter(({ addr }) => wanted.has(addr.toString())))
  }

  async closeAll (): Promise<void> {
    await this.#closeAll([...this.#listening])
  }

  async #closeAll (listening: Listening[]): Promise<void> {
    await Promise.allSettled(listening.map(async one => {
      this.#remove(one)
      await one.listener.close()
    }))
  }

  #add (listening: Listening): void {
    this.#listening.add(listening)
    listening.listener.addEventListener('close', () => {
      if (this.#remove(listening)) this.#log.error('the listener at %a closed by itself', listening.addr)
    })
    this.#notifier.listen(listening.addr)
  }

  /** @returns whether it was still there */
  #remove (listening: Listening): boolean {
    if (!this.#listening.delete(listening)) return false
    this.#notifier.listenClose(listening.addr)
    return true
  }
}

// Port 0 asks for any: what came of it stands in the listener's own addresses.
function boundAddr (asked: Multiaddr, got: readonly Multiaddr[]): Multiaddr {
  const port = got[0]?.getComponents().find(({ name }) => name === 'tcp' || name === 'udp')
  if (port === undefined) return got[0] ?? asked
  return multiaddr(asked.toString().replace(`/${port.name}/0`, `/${port.name}/${port.value}`))
}
