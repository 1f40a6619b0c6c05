import type { Multiaddr } from '@multiformats/multiaddr'
import { perf } from '@weir/host'
import type { PeerRef } from '@weir/network'
import type { Node } from '@weir/node'
import type { CommandContext } from './command-context.ts'
import { withPeer } from './with-peer.ts'

export interface PerfCommandOptions {
  readonly upload: number
  readonly download: number
  readonly psk?: string
}

/** `weir perf`: measures the throughput to a peer and back. */
export async function commandPerf (address: Multiaddr, { upload, download, psk }: PerfCommandOptions, context: CommandContext): Promise<void> {
  const { report, stop } = context
  const work = async ({ host }: Node, remote: PeerRef): Promise<void> => {
    const { uploadBytes, uploadMs, downloadBytes, downloadMs } = await perf(host, remote, { uploadBytes: upload, downloadBytes: download, signal: stop })
    const peer = `${remote}`
    report.tell('perf', { peer, uploadBytes, uploadMs, downloadBytes, downloadMs }, `${peer}: up ${rate(uploadBytes, uploadMs)}, down ${rate(downloadBytes, downloadMs)}`)
  }
  await withPeer({ what: 'measure the throughput to', address, psk, work }, context)
}

function rate (bytes: number, ms: number): string {
  const mib = (bytes / 2 ** 20).toFixed(1)
  return ms > 0 ? `${mib} MiB in ${ms.toFixed(0)} ms (${(bytes / 2 ** 20 / ms * 1_000).toFixed(1)} MiB/s)` : `${mib} MiB`
}
