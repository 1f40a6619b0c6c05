import type { ConnectionEncrypter, PrivateKey, StreamMuxerFactory } from '@libp2p/interface'
import type { Libp2pOptions } from 'libp2p'
import { installOutside } from './outside-install.ts'

/** What one of js-libp2p's compliance suites is run on: made anew for each test. */
interface Subject<T, Args = undefined> {
  setup (args: Args): Promise<T>
  teardown (): Promise<void>
}

interface MultiaddrMatcher {
  matches (addr: unknown): boolean
  exactMatch (addr: unknown): boolean
}

/** js-libp2p's compliance suites: each declares its tests when it is called. */
export interface JsSuites {
  connectionEncryptionSuite (subject: Subject<ConnectionEncrypter, { readonly privateKey: PrivateKey }>): void
  streamMuxerSuite (subject: Subject<StreamMuxerFactory>): void
  /** Runs a transport within two stock js-libp2p nodes. The listener needs two addresses. */
  transportSuite (subject: Subject<{
    readonly dialer: Libp2pOptions
    readonly listener: Libp2pOptions
    readonly dialMultiaddrMatcher: MultiaddrMatcher
    readonly listenMultiaddrMatcher: MultiaddrMatcher
  }>): void
}

/** Installs the suites where they are not yet, and imports them. By URL, for there are no types before they are installed. */
export async function jsSuites (): Promise<JsSuites> {
  installOutside('compliance')
  return await import(new URL('../compliance/index.js', import.meta.url).href) as JsSuites
}
