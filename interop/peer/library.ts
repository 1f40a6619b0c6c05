import type { Wire } from './wire.ts'
import type { StackName } from './wire-stack.ts'

/** How a stream ended: with its end, a remote's reset, a remote's end of the whole connection, or something that should not be. */
export interface StreamEnd {
  readonly how: 'end' | 'reset' | 'closed' | 'error'
  /** What the remote gave, where the library has codes. */
  readonly code?: number | undefined
}

export interface StartOptions {
  /** The text of a pre-shared key file; without one the network is open. */
  readonly psk?: string | undefined
  /** @defaultValue any port of 127.0.0.1 */
  readonly listen?: readonly string[] | undefined
  readonly stack: StackName
}

/** A library under test, as the commands use it: everything that differs between weir and js-libp2p, and no more. */
export interface Library {
  readonly peer: string
  readonly agent: string
  /** Protocols it answers by itself: for the others the checks set their own handlers. */
  readonly serves: readonly string[]
  /** How many streams may wait for the remote's first answer. Muxers that count acknowledgements see to that by themselves: `Infinity`. */
  readonly maxUnanswered: number
  addrs (): string[]
  connect (addr: string): Promise<void>
  /** @param errorCode - for libraries that have those; 0 is none */
  disconnect (peer: string, errorCode: number): Promise<void>
  conns (): number
  /** What identify has told so far, if it has. */
  identified (peer: string): Promise<{ agent: string, protocols: string[] } | undefined>
  ping (peer: string): Promise<number>
  open (peer: string, protocol: string): Promise<Wire>
  /** A handler that rejects has its stream reset. */
  handle (protocol: string, handler: (wire: Wire) => Promise<void>): Promise<void>
  /** Its own way to measure, if it has one. */
  perf?: (peer: string, upload: number, download: number) => Promise<void>
  /** Which end of a stream this error tells of. */
  how (error: unknown): StreamEnd
  close (): Promise<void>
}
