import type { Multiplexer } from '@weir/network'

/** Makes what is tested. */
export interface MultiplexerSubject {
  create (): Multiplexer | Promise<Multiplexer>
}

/**
 * What a multiplexer may leave out. `reserves`: its windows are memory of the peer's scope. `codes`: error codes reach the
 * remote, of streams and of connections.
 */
export type MultiplexerCapability = 'reserves' | 'codes'
