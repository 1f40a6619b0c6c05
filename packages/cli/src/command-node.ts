import { resolve } from 'node:path'
import type { Multiaddr } from '@multiformats/multiaddr'
import { createNode, type Node } from '@weir/node'
import { closeInTime } from './close-in-time.ts'
import type { CommandContext } from './command-context.ts'
import { PeerFailedError } from './errors.ts'
import { explain } from './explain.ts'
import { type LimitsOptions, readLimits } from './limits-options.ts'
import { logConnections } from './log-connections.ts'
import { readPsk } from './read-psk.ts'
import type { Report } from './report.ts'

export interface NodeCommandOptions extends LimitsOptions {
  readonly data: string
  readonly listen?: readonly Multiaddr[]
  readonly peer?: readonly Multiaddr[]
  readonly psk?: string
  readonly metrics?: string
  /** Bytes a second, of all connections together. */
  readonly maxUpload?: number
  /** Bytes a second, of all connections together. */
  readonly maxDownload?: number
}

/** `weir node`: runs a node until it is told to stop. A peer that cannot be reached is reported, and the node goes on. */
export async function commandNode ({ data, listen, peer = [], psk, metrics, maxUpload, maxDownload, ...limits }: NodeCommandOptions, { report, stop }: CommandContext): Promise<void> {
  const node = await createNode({ dataDir: data, listen, psk: await readPsk(psk), metrics, maxUploadBytesPerSecond: maxUpload, maxDownloadBytesPerSecond: maxDownload, ...await readLimits(limits) })
  announce(node, data, report)
  using _ = logConnections(node.network, report)
  const connecting = peer.map(address => connect(node, address, { report, stop }))
  await stopped(stop)
  report.tell('stopping', {}, 'stopping')
  await closeInTime({
    async close () {
      await node.close()
      await Promise.all(connecting)
    }
  })
}

function announce (node: Node, data: string, report: Report): void {
  const peer = node.peer.toString()
  const dataDir = resolve(data)
  const addresses = node.addrs().map(addr => addr.toString())
  report.tell('started', { peer, dataDir, addresses }, `node ${peer}, data in ${dataDir}`)
  for (const address of addresses) report.tell('listening', { address }, `listening on ${address}`)
  if (node.metricsUrl !== undefined) report.tell('metrics', { url: node.metricsUrl }, `metrics at ${node.metricsUrl}`)
}

async function connect (node: Node, address: Multiaddr, { report, stop }: CommandContext): Promise<void> {
  try {
    await node.host.connect(address, { signal: stop })
  } catch (cause) {
    if (stop.aborted) return
    const error = new PeerFailedError('connect to', address.toString(), { cause })
    report.complain('peer-failed', { address: error.address, message: explain(error) }, explain(error))
  }
}

function stopped (stop: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (stop.aborted) resolve()
    stop.addEventListener('abort', () => { resolve() }, { once: true })
  })
}
