import type { BasicGater } from '@weir/conn-gater'
import type { WatermarkConnManager } from '@weir/conn-manager'
import type { Host } from '@weir/host'
import type { IoScheduler } from '@weir/io-scheduler'
import type { Conn } from '@weir/network'
import type { ResourceManagerState } from '@weir/resource-manager'
import type { ControlHandler } from './control-socket.ts'
import { ControlParamError } from './errors.ts'
import { nodeRules } from './node-rules.ts'

/** What a node can be asked about: parts that it was given instead of its own cannot, as they need not have these faces. */
export interface ControlledNode {
  readonly host: Host
  readonly resourceManager: ResourceManagerState | undefined
  readonly connManager: WatermarkConnManager | undefined
  readonly gater: BasicGater | undefined
  readonly ioScheduler: IoScheduler | undefined
}

type Params = Parameters<ControlHandler>[0]

/** The methods of the control socket, each with what it takes. @see README, "The control socket" */
export function controlHandlers ({ host, resourceManager, connManager, gater, ioScheduler }: ControlledNode): Readonly<Record<string, ControlHandler>> {
  const { network } = host
  const rules = gater === undefined ? undefined : nodeRules(gater, network)
  return {
    snapshot: ({ level, top, ...others }) => {
      none(others)
      return {
        peer: host.peer.toString(),
        addresses: host.addrs().map(addr => addr.toString()),
        numConns: network.conns().length,
        resources: resourceManager?.snapshot({ level: level as 'totals' | undefined, top: top as number | undefined }),
        connManager: connManager?.info(),
        gater: gater?.stat(),
        bandwidth: ioScheduler?.snapshot()
      }
    },
    connections: params => {
      none(params)
      return network.conns().map(connOf)
    },
    close: async ({ conn, peer, ...others }) => {
      none(others)
      if (typeof conn !== 'string' && typeof peer !== 'string') throw new ControlParamError('conn or peer', 'the id of a connection, or of a peer')
      const closing = network.conns().filter(({ id, remotePeer }) => id === conn || remotePeer.toString() === peer)
      await Promise.all(closing.map(each => each.close()))
      return closing.map(({ id }) => id)
    },
    ...(rules === undefined
      ? {}
      : {
          bans: (params: Params) => {
            none(params)
            return rules.list()
          },
          ban: (params: Params) => rules.ban(...targetAndOptions(params)),
          trust: (params: Params) => rules.trust(...targetAndOptions(params)),
          unban: (params: Params) => rules.unban(targetOf(params)),
          untrust: (params: Params) => rules.untrust(targetOf(params))
        })
  }
}

function connOf (conn: Conn): object {
  const { direction, openedMs, limited, numStreams, readBytes, writtenBytes } = conn.stat()
  return { id: conn.id, peer: conn.remotePeer.toString(), address: conn.remoteMultiaddr.toString(), direction, openedMs, limited, numStreams, readBytes, writtenBytes }
}

function targetAndOptions ({ target, reason, ttlMs, ...others }: Params): [string, { reason?: string, ttlMs?: number }] {
  if (reason !== undefined && typeof reason !== 'string') throw new ControlParamError('reason', 'a text')
  if (ttlMs !== undefined && typeof ttlMs !== 'number') throw new ControlParamError('ttlMs', 'a number')
  return [targetOf({ target, ...others }), { ...(reason === undefined ? {} : { reason }), ...(ttlMs === undefined ? {} : { ttlMs }) }]
}

function targetOf ({ target, ...others }: Params): string {
  none(others)
  if (typeof target !== 'string') throw new ControlParamError('target', 'a peer id, an IP address, a subnet or a multiaddr')
  return target
}

/** What is not known must not be passed over in silence. */
function none (params: Params): void {
  for (const name of Object.keys(params)) throw new ControlParamError(name, 'left out: it is not known')
}
