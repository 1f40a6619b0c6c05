import type { Multiaddr } from '@multiformats/multiaddr'
import { perf } from '@weir/host'
import type { CommandContext } from './command-context.ts'
import { withPeer } from './with-peer.ts'

export interface PerfCommandOptions {
  readonly uploadBytes: number
  readonly downloadBytes: number
}

/** `weir perf`: measures the throughput to a peer and back. */
export async function commandPerf (address: Multiaddr, { uploadBytes, downloadBytes }: PerfCommandOptions, context: CommandContext): Promise<void> {
  const { report, stop } = context
  await withPeer('measure the throughput to', address, context, async ({ host }, remote) => {
    const { uploadMs, downloadMs } = await perf(host, remote, { uploadBytes, downloadBytes, signal: stop })
    const peer = `${remote}`
    const text = `${peer}: up ${rate(uploadBytes, uploadMs)}, down ${rate(downloadBytes, downloadMs)}`
    report.tell('perf', { peer, uploadBytes, uploadMs, downloadBytes, downloadMs }, text)
  })
}

function rate (bytes: number, ms: number): string {
  const mib = (bytes / 2 ** 20).toFixed(1)
  return ms > 0 ? `${mib} MiB in ${ms.toFixed(0)} ms (${(bytes / 2 ** 20 / ms * 1_000).toFixed(1)} MiB/s)` : `${mib} MiB`
}
