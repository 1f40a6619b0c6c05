import type { PeerId, Transport, Upgrader } from '@libp2p/interface'
import { isPrivate } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import { ConnClosedError, type DialPeerOptions, NoRemoteAddrsError } from '@weir/network'
import { type AddrsForDial, addrsForDial, transportForDialing } from './addrs-for-dial.ts'
import { dialAddrs } from './dial-addrs.ts'
import { DialError, NoTransportError } from './errors.ts'
import { localMultiaddrOf, rawOptions, usesFd } from './raw-conn.ts'
import { SharedDial } from './shared-dial.ts'
import type { SwarmConn } from './swarm-conn.ts'
import type { SwarmSettings } from './swarm-init.ts'
import { swarmUpgrader } from './swarm-upgrader.ts'
import type { TaskSignals } from './task-signals.ts'
import { type UpgradeParts, upgrade } from './upgrade.ts'

/** What dials need of the swarm. */
export interface OutboundDialsInit {
  readonly settings: SwarmSettings
  readonly parts: UpgradeParts
  readonly signals: TaskSignals
  readonly transports: readonly Transport[]
  ownAddrs (): Multiaddr[]
  establish (conn: SwarmConn): void
}

/** The dials under way: one for each peer, however many wait for it. */
export class OutboundDials {
  readonly #init: OutboundDialsInit
  readonly #dials = new Map<string, SharedDial>()

  constructor (init: OutboundDialsInit) {
    this.#init = init
  }

  /** Joins the dial to the peer, or starts it. */
  async dial (peer: PeerId, options: DialPeerOptions): Promise<SwarmConn> {
    options.signal?.throwIfAborted()
    const key = peer.toString()
    let dial = this.#dials.get(key)
    if (dial === undefined || dial.aborted) {
      const started = new SharedDial(this.#init.settings.clock, async signal => await this.#dialPeer(peer, signal))
      dial = started
      this.#dials.set(key, dial)
      void dial.ended().then(() => {
        if (this.#dials.get(key) === started) this.#dials.delete(key)
      })
    }
    return await dial.join(options)
  }

  /** Aborts all dials and waits for their ends. */
  async close (reason: Error): Promise<void> {
    const dials = [...this.#dials.values()]
    for (const dial of dials) dial.abort(reason)
    await Promise.all(dials.map(async dial => { await dial.ended() }))
  }

  async #dialPeer (peer: PeerId, signal: AbortSignal): Promise<SwarmConn> {
    const { addrs, refused } = this.#addrsOf(peer)
    const { settings, establish } = this.#init
    return await dialAddrs({
      peer,
      addrs,
      refused,
      ranker: settings.dialRanker,
      clock: settings.clock,
      maxParallel: settings.maxDialsPerPeer,
      signal,
      dial: async (addr, signal) => await this.#dialAddr(peer, addr, signal),
      establish
    })
  }

  #addrsOf (peer: PeerId): AddrsForDial {
    const { settings, transports, ownAddrs } = this.#init
    const known = settings.peerstore.addrs(peer)
    if (known.length === 0) throw new NoRemoteAddrsError(peer)
    return addrsForDial(peer, known, { transports, connectionGater: settings.connectionGater, ownAddrs: ownAddrs(), maxAddrs: settings.maxAddrsPerDial })
  }

  async #dialAddr (peer: PeerId, addr: Multiaddr, signal: AbortSignal): Promise<SwarmConn> {
    const { settings, parts, transports } = this.#init
    const transport = transportForDialing(transports, addr)
    if (transport === undefined) throw new NoTransportError(addr)
    using task = this.#init.signals.open(`dialling ${addr}`, isPrivate(addr) ? settings.dialTimeoutLocalMs : settings.dialTimeoutMs, signal)
    using undo = new DisposableStack()
    const scope = undo.use(settings.resourceManager.openConnection('outbound', usesFd(addr), addr))
    scope.setPeer(peer)
    let conn: SwarmConn | undefined
    undo.defer(() => { conn?.abort(new ConnClosedError({ remote: false })) })
    const upgradeOutbound: Upgrader['upgradeOutbound'] = async (socket, options) => {
      conn = await upgrade({
        socket,
        scope,
        direction: 'outbound',
        isClient: options.initiator ?? true,
        expectedPeer: peer,
        transport: transport[Symbol.toStringTag],
        localMultiaddr: localMultiaddrOf(socket),
        remoteMultiaddr: addr,
        ...rawOptions(options)
      }, parts, task.signal)
      return conn as never // the transport only hands it back, to us
    }
    try {
      await transport.dial(addr, { signal: task.signal, upgrader: swarmUpgrader({ upgradeOutbound }, settings.muxers) })
    } catch (cause) {
      throw task.signal.aborted ? task.signal.reason : cause
    }
    if (conn === undefined) throw new DialError(peer, [], { cause: new TypeError(`${transport[Symbol.toStringTag]} did not upgrade its connection`) })
    task.signal.throwIfAborted()
    undo.move()
    return conn
  }
}
