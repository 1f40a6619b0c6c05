import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { ping } from '@weir/host'
import type { ScopeStat } from '@weir/network'
import { createNode, type Node } from '@weir/node'
import { yamux } from '@weir/yamux'
import { answerCommandLines, type CommandLine } from './command-lines.ts'

// As many weir nodes as are asked for in one process: a crowd that dials from one host. The lines are those of main.ts.

interface Command extends CommandLine {
  readonly count?: number
  readonly listen?: readonly string[]
  readonly peer: string
  readonly addrs: readonly string[]
  /** How long a remote may be silent before it is asked, and then again before it counts as gone. */
  readonly keepAliveMs?: number
}

const nodes: Node[] = []

/** Short of what makes it notice a dead connection soon, a node as `createNode` makes it. */
async function start ({ count = 1, listen = [], keepAliveMs }: Command): Promise<object> {
  const muxers = keepAliveMs === undefined ? undefined : [yamux({ maxIncomingStreams: Infinity, keepAliveIntervalMs: keepAliveMs, connectionWriteTimeoutMs: keepAliveMs })]
  for (let i = 0; i < count; i++) nodes.push(await createNode({ listen, muxers }))
  return { peer: nodes[0]?.peer.toString(), addrs: nodes[0]?.addrs().map(String) }
}

/** One after the other. What fails stops none of those that follow. */
async function dial ({ peer, addrs }: Command): Promise<object> {
  const id = peerIdFromString(peer)
  const connected: string[] = []
  const failed: string[] = []
  const startMs = performance.now()
  for (const { host, network } of nodes) {
    try {
      await host.connect({ peer: id, addrs: addrs.map(addr => multiaddr(addr)) })
      connected.push(...network.connsToPeer(id).map(conn => conn.remoteMultiaddr.toString()))
    } catch (error) {
      failed.push(String(error))
    }
  }
  return { connected, failed, tookMs: performance.now() - startMs }
}

/** What all nodes have in use together, on the way or arrived. */
function inUse (): ScopeStat {
  const stats = nodes.flatMap(({ resourceManager }) => [resourceManager.viewSystem(scope => scope.stat()), resourceManager.viewTransient(scope => scope.stat())])
  const sum = (key: keyof ScopeStat): number => stats.reduce((all, stat) => all + stat[key], 0)
  return {
    numStreamsInbound: sum('numStreamsInbound'),
    numStreamsOutbound: sum('numStreamsOutbound'),
    numConnsInbound: sum('numConnsInbound'),
    numConnsOutbound: sum('numConnsOutbound'),
    numFD: sum('numFD'),
    memoryBytes: sum('memoryBytes')
  }
}

const COMMANDS: Record<string, (command: Command) => unknown> = {
  start,
  dial,
  conns: () => ({ count: nodes.reduce((sum, { network }) => sum + network.conns().length, 0) }),
  'in-use': inUse,
  ping: async ({ peer }) => ({ rttMs: await Promise.all(nodes.map(({ host }) => ping(host, peerIdFromString(peer)))) })
}

answerCommandLines<Command>({
  async run (command) {
    const found = COMMANDS[command.cmd]
    if (found === undefined) throw new Error(`cannot ${command.cmd}`)
    return await found(command)
  },
  kind: () => 'error',
  async close () { await Promise.all(nodes.map(node => node.close())) }
})
