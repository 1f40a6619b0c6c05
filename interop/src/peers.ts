import { fileURLToPath } from 'node:url'

export type PeerKind = 'weir' | 'weir-chainsafe' | 'js' | 'js-chainsafe' | 'go'

/** What the tables call them. */
export const PEER_NAMES: Readonly<Record<PeerKind, string>> = Object.freeze({
  weir: 'weir',
  'weir-chainsafe': 'weir on @chainsafe',
  js: 'js-libp2p',
  'js-chainsafe': 'js-libp2p on @chainsafe',
  go: 'go-libp2p'
})

const MAIN = fileURLToPath(new URL('../peer/main.ts', import.meta.url))

/** The command line that runs a peer. @param goBinary - asked for only when the peer is go's */
export function peerCommand (kind: PeerKind, goBinary: () => string): string[] {
  if (kind === 'go') return [goBinary()]
  const [library = '', names = 'libp2p'] = kind.split('-')
  return [process.execPath, '--conditions=@weir/source', MAIN, library, names]
}
