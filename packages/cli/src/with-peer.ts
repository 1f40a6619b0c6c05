import type { Multiaddr } from '@multiformats/multiaddr'
import type { PeerRef } from '@weir/network'
import { createNode, type Node } from '@weir/node'
import { closeInTime } from './close-in-time.ts'
import type { CommandContext } from './command-context.ts'
import { InterruptedError, PeerFailedError } from './errors.ts'
import { readPsk } from './read-psk.ts'

export interface PeerTask<T> {
  /** For the error, such as `ping`. */
  readonly what: string
  /** Of the peer. */
  readonly address: Multiaddr
  /** The key file of the peer's private network. */
  readonly psk: string | undefined
  work (node: Node, peer: PeerRef): Promise<T>
}

/**
 * Connects to a peer from a node made for this alone, which has a key of its own and listens nowhere, and does something
 * with it.
 *
 * @throws {PeerFailedError} when the peer cannot be reached or `work` throws
 * @throws {InterruptedError} when that is because the command was told to stop
 */
export async function withPeer<T> ({ what, address, psk, work }: PeerTask<T>, { stop }: CommandContext): Promise<T> {
  const node = await createNode({ listen: [], psk: await readPsk(psk) })
  try {
    const { remotePeer } = await node.host.connect(address, { signal: stop })
    return await work(node, remotePeer)
  } catch (cause) {
    throw stop.aborted ? new InterruptedError({ cause }) : new PeerFailedError(what, address.toString(), { cause })
  } finally {
    await closeInTime(node)
  }
}
