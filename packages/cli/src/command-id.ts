import { resolve } from 'node:path'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { readIdentity } from '@weir/node'
import type { CommandContext } from './command-context.ts'

/** `weir id`: who the node of a data directory is. Makes the identity when there is none; never shows the private key. */
export async function commandId ({ data }: { readonly data: string }, { report }: CommandContext): Promise<void> {
  const key = await readIdentity(data)
  const peer = peerIdFromPrivateKey(key).toString()
  report.tell('id', { peer, keyType: key.type, dataDir: resolve(data) }, peer)
}
