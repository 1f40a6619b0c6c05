import type { Logger, MultiaddrConnection, Transport, Upgrader } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type ConnManagementScope, type ConnMultiaddrs, ResourceLimitExceededError } from '@weir/network'
import { admit } from './admit.ts'
import { SwarmClosedError } from './errors.ts'
import { localMultiaddrOf, rawOptions, type TransportUpgradeOptions, usesFd } from './raw-conn.ts'
import type { SwarmConn } from './swarm-conn.ts'
import type { SwarmSettings } from './swarm-init.ts'
import { swarmUpgrader } from './swarm-upgrader.ts'
import type { TaskSignals } from './task-signals.ts'
import { type UpgradeParts, upgrade } from './upgrade.ts'

/** What inbound connections need of the swarm. */
export interface InboundUpgradesInit {
  readonly settings: SwarmSettings
  readonly parts: UpgradeParts
  readonly signals: TaskSignals
  readonly log: Logger
  isClosed (): boolean
  establish (conn: SwarmConn): void
}

/** Admits and upgrades what listeners accept. */
export class InboundUpgrades {
  readonly #init: InboundUpgradesInit
  readonly #underWay = new Set<Promise<void>>()

  constructor (init: InboundUpgradesInit) {
    this.#init = init
  }

  /** The upgrader for a listener of the transport. */
  upgraderFor (transport: Transport, listenAddr: () => Multiaddr): Upgrader {
    return swarmUpgrader({
      upgradeInbound: async (socket, options) => {
        const upgrade = this.#upgrade(socket, options, transport[Symbol.toStringTag], listenAddr())
        this.#underWay.add(upgrade)
        try {
          await upgrade
        } finally {
          this.#underWay.delete(upgrade)
        }
      }
    }, this.#init.settings.muxers)
  }

  /** Waits for the ends of those under way, whose signals were aborted, so that what they hold is given back. */
  async close (): Promise<void> {
    await Promise.allSettled([...this.#underWay])
  }

  // Runs to its first await in the turn of the accept: a flood is refused before any cryptography, and before anything is read.
  async #upgrade (socket: MultiaddrConnection, options: TransportUpgradeOptions & { readonly signal: AbortSignal }, transport: string, listenAddr: Multiaddr): Promise<void> {
    const { settings, parts, signals, log } = this.#init
    const addrs = { localMultiaddr: localMultiaddrOf(socket, listenAddr), remoteMultiaddr: socket.remoteAddr }
    try {
      if (this.#init.isClosed()) throw new SwarmClosedError()
      admit('interceptAccept', () => settings.connectionGater.interceptAccept(addrs))
      using undo = new DisposableStack()
      const scope = undo.use(this.#openScope(addrs))
      using task = signals.open(`accepting ${addrs.remoteMultiaddr}`, settings.acceptTimeoutMs, options.signal)
      const conn = await upgrade({
        ...addrs,
        ...rawOptions(options),
        socket,
        scope,
        direction: 'inbound',
        isClient: options.initiator ?? false,
        expectedPeer: undefined,
        transport
      }, parts, task.signal)
      undo.move()
      this.#init.establish(conn)
    } catch (error) {
      log('refused %a - %e', socket.remoteAddr, error)
      socket.abort(error as Error)
      throw error // the transport forgets the socket then
    }
  }

  // A node that is full may end something that is worth less than a newcomer: asked once.
  #openScope (addrs: ConnMultiaddrs): ConnManagementScope {
    const { resourceManager, connManager } = this.#init.settings
    const remote = addrs.remoteMultiaddr
    try {
      return resourceManager.openConnection('inbound', usesFd(remote), remote)
    } catch (refusal) {
      if (!ResourceLimitExceededError.is(refusal) || !connManager.makeRoom(refusal, addrs)) throw refusal
      return resourceManager.openConnection('inbound', usesFd(remote), remote)
    }
  }
}
