import type { ComponentLogger, ConnectionEncrypter, PrivateKey, StreamMuxerFactory, Upgrader } from '@libp2p/interface'
import { yamux as libp2pYamux } from '@libp2p/yamux'
import { yamuxFactory } from '@weir/yamux'
import { STREAMS_ALLOWED } from './protocols.ts'

/** Whose Noise and Yamux a peer runs on: its library's own; or, from elsewhere, a muxer or both. */
export type StackName = 'own' | 'libp2p-yamux' | 'weir-yamux' | 'chainsafe'

export const STACK_NAMES: readonly string[] = ['own', 'libp2p-yamux', 'weir-yamux', 'chainsafe'] satisfies StackName[]

interface NoiseComponents {
  readonly privateKey: PrivateKey
  readonly logger: ComponentLogger
  readonly upgrader: Pick<Upgrader, 'getStreamMuxers'>
}

interface Chainsafe {
  readonly noise: () => (components: NoiseComponents) => ConnectionEncrypter
  readonly yamux: (init: object) => (components?: unknown) => StreamMuxerFactory
}

/** js-libp2p's factories, with room for the streams that the checks open at once. Where there is none, the library's own is meant. */
export interface WireStack {
  readonly noise?: ReturnType<Chainsafe['noise']>
  readonly yamux?: () => StreamMuxerFactory
}

export async function wireStack (name: StackName): Promise<WireStack> {
  const limits = { maxInboundStreams: STREAMS_ALLOWED, maxOutboundStreams: STREAMS_ALLOWED }
  switch (name) {
    case 'own': return {}
    case 'libp2p-yamux': return { yamux: libp2pYamux(limits) }
    case 'weir-yamux': return { yamux: yamuxFactory({ maxIncomingStreams: STREAMS_ALLOWED }) }
    case 'chainsafe': {
      // By URL, for there are no types of the former names: they are installed by the tests, later than types are checked.
      const { noise, yamux } = await import(new URL('../chainsafe/index.js', import.meta.url).href) as Chainsafe
      return { noise: noise(), yamux: yamux(limits) }
    }
  }
}
