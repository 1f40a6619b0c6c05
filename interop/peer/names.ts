import type { ComponentLogger, ConnectionEncrypter, PrivateKey, StreamMuxerFactory, Upgrader } from '@libp2p/interface'

interface NoiseComponents {
  readonly privateKey: PrivateKey
  readonly logger: ComponentLogger
  readonly upgrader: Pick<Upgrader, 'getStreamMuxers'>
}

/** What both homes of Noise and Yamux export: the same code, the same factories. */
export interface NoiseAndYamux {
  readonly noise: () => (components: NoiseComponents) => ConnectionEncrypter
  readonly yamux: () => (components?: unknown) => StreamMuxerFactory
}

/** Imports Noise and Yamux under today's names, or under the former ones from the folder outside the workspaces. */
export async function noiseAndYamux (names: 'libp2p' | 'chainsafe'): Promise<NoiseAndYamux> {
  // By URL, for there are no types of the former ones: they are installed by the tests, later than types are checked.
  if (names === 'chainsafe') return await import(new URL('../chainsafe/index.js', import.meta.url).href) as NoiseAndYamux
  const { noise } = await import('@libp2p/noise')
  const { yamux } = await import('@libp2p/yamux')
  return { noise: noise as unknown as NoiseAndYamux['noise'], yamux }
}
