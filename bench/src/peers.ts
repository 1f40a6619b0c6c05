/** Whom the rounds go through. The first one is weir: the ratios are its. */
export const PEERS: readonly { readonly id: PeerId, readonly name: string, readonly module: URL }[] = Object.freeze([
  { id: 'weir', name: 'weir', module: new URL('../peers/weir.ts', import.meta.url) },
  { id: 'js', name: 'js-libp2p', module: new URL('../peers/js.ts', import.meta.url) },
  { id: 'limits', name: 'cost model', module: new URL('../limits/peer.ts', import.meta.url) }
])

export type PeerId = 'weir' | 'js' | 'limits'
