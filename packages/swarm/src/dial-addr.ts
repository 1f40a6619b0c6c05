import type { PeerId, Transport, Upgrader } from '@libp2p/interface'
import { isPrivate } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import { ConnClosedError } from '@weir/network'
import { transportForDialing } from './dial-filters.ts'
import { NoTransportError } from './errors.ts'
import { localMultiaddrOf, rawOptions, usesFd } from './raw-conn.ts'
import type { SwarmConn } from './swarm-conn.ts'
import type { SwarmSettings } from './swarm-init.ts'
import { swarmUpgrader } from './swarm-upgrader.ts'
import type { TaskSignals } from './task-signals.ts'
import { type UpgradeParts, upgrade } from './upgrade.ts'

/** What one attempt needs of the swarm. */
export interface DialAddrParts {
  readonly settings: SwarmSettings
  readonly parts: UpgradeParts
  readonly signals: TaskSignals
  readonly transports: readonly Transport[]
}

export interface DialAddrOptions {
  /** Ends the attempt at once, whatever the transport does. */
  readonly signal: AbortSignal
  /** Who acts as the client in the negotiations: false on one side of a simultaneous connect. */
  readonly isClient: boolean
  /** The attempt is charged: from here on it holds what others may wait for. */
  onCharged (): void
  /** The socket is open, and is being upgraded. */
  onSocket (): void
}

/**
 * Dials one address: charges it, opens the socket, upgrades it.
 *
 * @throws what it failed with; then its scope has ended
 * @see reference/go-libp2p.md 5.5, "Outbound"
 */
export async function dialAddr (peer: PeerId, addr: Multiaddr, { settings, parts, signals, transports }: DialAddrParts, options: DialAddrOptions): Promise<SwarmConn> {
  const transport = transportForDialing(transports, addr)
  if (transport === undefined) throw new NoTransportError(addr)
  using task = signals.open(`dialling ${addr}`, timeoutMs(addr, settings), options.signal)
  task.signal.throwIfAborted()
  using undo = new DisposableStack()
  const scope = undo.use(settings.resourceManager.openConnection('outbound', usesFd(addr), addr))
  scope.setPeer(peer)
  options.onCharged()
  let conn: SwarmConn | undefined
  undo.defer(() => { conn?.abort(new ConnClosedError({ remote: false })) })
  const upgradeOutbound: Upgrader['upgradeOutbound'] = async (socket, upgradeOptions) => {
    if (task.signal.aborted) {
      socket.abort(task.signal.reason) // it comes too late: nobody waits for it
      throw task.signal.reason
    }
    options.onSocket()
    conn = await upgrade({
      socket,
      scope,
      direction: options.isClient ? 'outbound' : 'inbound',
      isClient: upgradeOptions.initiator ?? options.isClient,
      expectedPeer: peer,
      transport: transport[Symbol.toStringTag],
      localMultiaddr: localMultiaddrOf(socket),
      remoteMultiaddr: addr,
      ...rawOptions(upgradeOptions)
    }, parts, task.signal)
    if (task.signal.aborted) conn.abort(task.signal.reason)
    return conn as never // the transport only hands it back, to us
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => { reject(task.signal.reason) }
  task.signal.addEventListener('abort', onAbort)
  undo.defer(() => { task.signal.removeEventListener('abort', onAbort) })
  try {
    await Promise.race([transport.dial(addr, { signal: task.signal, upgrader: swarmUpgrader({ upgradeOutbound }, settings.muxers) }), aborted])
  } catch (cause) {
    throw task.signal.aborted ? task.signal.reason : cause
  }
  if (conn === undefined) throw new TypeError(`${transport[Symbol.toStringTag]} did not upgrade its connection`)
  task.signal.throwIfAborted()
  undo.move()
  return conn
}

function timeoutMs (addr: Multiaddr, { dialTimeoutMs, dialTimeoutLocalMs }: SwarmSettings): number {
  return isPrivate(addr) ? Math.min(dialTimeoutMs, dialTimeoutLocalMs) : dialTimeoutMs
}
