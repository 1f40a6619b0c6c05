/** A connection from the dialing side: messages go one way, and the listener counts them. */
export interface P2pBenchConn {
  /** Hands a message over; a promise when there is something to wait for. */
  send (message: Uint8Array): Promise<void> | undefined
  /** How many messages the listener has got, asked behind all that was sent. */
  count (): Promise<number>
  close (): Promise<void>
}

interface P2pBenchListener {
  readonly port: number
  /** Stops listening; its connections end with those who dialled them. */
  close (): void
}

/** What is measured: the library, or the cost model. */
export interface P2pBenchSide {
  listen (): Promise<P2pBenchListener>
  dial (port: number): Promise<P2pBenchConn>
}

/** The message that asks for the count: no other has its size. */
export const QUESTION: Uint8Array = Uint8Array.of(0)
export const CHAIN_NAME = 'SANDBOXED_TEZOS'
