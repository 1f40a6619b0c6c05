import { fileURLToPath } from 'node:url'

export type PeerKind = 'weir' | 'weir-libp2p-yamux' | 'weir-chainsafe' | 'js' | 'js-weir-yamux' | 'js-chainsafe' | 'go'

/** What the tables call them. */
export const PEER_NAMES: Readonly<Record<PeerKind, string>> = Object.freeze({
  weir: 'weir',
  'weir-libp2p-yamux': 'weir on @libp2p/yamux',
  'weir-chainsafe': 'weir on @chainsafe',
  js: 'js-libp2p',
  'js-weir-yamux': 'js-libp2p on @weir/yamux',
  'js-chainsafe': 'js-libp2p on @chainsafe',
  go: 'go-libp2p'
})

/** Those whose streams and connections end with codes. `@libp2p/yamux` cannot carry them, and js-libp2p has no words for them. */
const WITH_CODES: ReadonlySet<PeerKind> = new Set<PeerKind>(['weir', 'go'])

export function haveCodes (...kinds: PeerKind[]): boolean {
  return kinds.every(kind => WITH_CODES.has(kind))
}

const MAIN = fileURLToPath(new URL('../peer/main.ts', import.meta.url))

/** The command line that runs a peer. @param goBinary - asked for only when the peer is go's */
export function peerCommand (kind: PeerKind, goBinary: () => string): string[] {
  if (kind === 'go') return [goBinary()]
  const [library = '', ...stack] = kind.split('-')
  return [process.execPath, '--conditions=@weir/source', MAIN, library, stack.join('-') || 'own']
}
