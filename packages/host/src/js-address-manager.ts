import type { AddressManager, ConfirmAddressOptions, NodeAddress } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '@weir/network'
import { ADDRESS_DEFAULTS } from './defaults.ts'
import { NotOfferedError } from './errors.ts'

export interface JsAddressManagerInit {
  readonly clock: Clock
  /** What is listened on, with our peer id. */
  listenAddrs (): Multiaddr[]
  /** `getAddresses` gives something else now. */
  changed (): void
}

interface Observed {
  readonly addr: Multiaddr
  readonly verifiedMs: number | undefined
}

/**
 * Our addresses for js services: those that are listened on, and those at which remotes see us once somebody has confirmed
 * them. Of either kind it remembers the last few.
 *
 * @see reference/js-libp2p.md 2.1
 */
export class JsAddressManager implements AddressManager {
  readonly #init: JsAddressManagerInit
  readonly #observed = new Map<string, Observed>()

  constructor (init: JsAddressManagerInit) {
    this.#init = init
  }

  getListenAddrs (): Multiaddr[] {
    return this.#init.listenAddrs()
  }

  getAnnounceAddrs (): Multiaddr[] {
    return []
  }

  getObservedAddrs (): Multiaddr[] {
    return Array.from(this.#observed.values(), ({ addr }) => addr)
  }

  getAddresses (): Multiaddr[] {
    return this.getAddressesWithMetadata().flatMap(({ multiaddr, verified }) => verified ? multiaddr : [])
  }

  getAddressesWithMetadata (): NodeAddress[] {
    const listened = this.#init.listenAddrs().map((multiaddr): NodeAddress => ({ multiaddr, verified: true, expires: Infinity, type: 'transport' }))
    const observed = Array.from(this.#observed.values(), ({ addr, verifiedMs }): NodeAddress => ({
      multiaddr: addr, verified: verifiedMs !== undefined, ...(verifiedMs === undefined ? {} : { lastVerified: verifiedMs }), expires: Infinity, type: 'observed'
    }))
    return [...listened, ...observed]
  }

  addObservedAddr (addr: Multiaddr): void {
    if (!this.#observed.has(addr.toString())) this.#remember({ addr, verifiedMs: undefined })
  }

  confirmObservedAddr (addr: Multiaddr, _options?: ConfirmAddressOptions): void {
    if (this.#init.listenAddrs().some(listened => listened.equals(addr))) return
    this.#remember({ addr, verifiedMs: this.#init.clock.wallMs() })
    this.#init.changed()
  }

  removeObservedAddr (addr: Multiaddr): void {
    const observed = this.#observed.get(addr.toString())
    this.#observed.delete(addr.toString())
    if (observed?.verifiedMs !== undefined) this.#init.changed()
  }

  addDNSMapping (): void {
    throw new NotOfferedError('addressManager.addDNSMapping', 'listen on the name itself')
  }

  removeDNSMapping (): void {
    throw new NotOfferedError('addressManager.removeDNSMapping', 'listen on the name itself')
  }

  addPublicAddressMapping (): void {
    throw new NotOfferedError('addressManager.addPublicAddressMapping', 'confirm the public address with confirmObservedAddr')
  }

  removePublicAddressMapping (): void {
    throw new NotOfferedError('addressManager.removePublicAddressMapping', 'remove the public address with removeObservedAddr')
  }

  #remember (observed: Observed): void {
    this.#observed.set(observed.addr.toString(), observed)
    const alike = [...this.#observed].filter(([, { verifiedMs }]) => (verifiedMs === undefined) === (observed.verifiedMs === undefined))
    const [oldest] = alike
    if (oldest !== undefined && alike.length > ADDRESS_DEFAULTS.maxObserved) this.#observed.delete(oldest[0])
  }
}
