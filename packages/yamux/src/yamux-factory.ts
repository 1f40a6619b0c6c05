import type { StreamMuxerFactory } from '@libp2p/interface'
import { toStreamMuxerFactory, type ToStreamMuxerFactoryInit } from '@weir/adapters'
import { yamux, type YamuxInit } from './yamux.ts'

export type YamuxFactoryInit = YamuxInit & ToStreamMuxerFactoryInit

/**
 * The same multiplexer for stock js-libp2p, in the place of that of `@libp2p/yamux`: `streamMuxers: [yamuxFactory()]`.
 *
 * Without `scopeOf` nothing is reserved: a js muxer is not told whose connection it gets.
 */
export function yamuxFactory ({ scopeOf, ...init }: YamuxFactoryInit = {}): () => StreamMuxerFactory {
  const multiplexer = yamux(init)
  return () => toStreamMuxerFactory(multiplexer, { scopeOf })
}
