/** What is done once per operation, in the words of the subjects: ours in subject.ts and go-libp2p's in ../go/subject.go. */
export const OPERATIONS = Object.freeze({
  conn: 'connection: open, setPeer, end',
  stream: 'stream: open, setProtocol, setService, end',
  reserve: 'stream scope: reserve, release 4 KiB',
  span: 'stream scope: span, reserve 4 KiB, end',
  refusal: 'stream refused: its peer may have none'
})

export type Operation = keyof typeof OPERATIONS

/**
 * Whom the operations are for:
 * - `one`: always the same peer, or stream; it has scopes already
 * - `random`: one of 100,000 peers in an order that jumps about, nothing else of them is open; or one of 1,000 streams
 * - `live`: such an order through those who hold the live scopes, a connection and a stream each
 */
export type Peers = 'one' | 'random' | 'live'

export interface ScopeRow {
  readonly operation: Operation
  readonly peers: Peers
  /** How many scopes of connections and streams are open meanwhile. */
  readonly live: number
}

export const LIVE_SCOPES: readonly number[] = Object.freeze([0, 1_000, 100_000])

export const ALL_OPERATIONS: readonly Operation[] = Object.freeze(Object.keys(OPERATIONS) as Operation[])

/** The rows at one number of live scopes. */
export function rowsAt (live: number, operations: readonly Operation[] = ALL_OPERATIONS): ScopeRow[] {
  return operations.flatMap(operation => {
    const hasLivePeers = live > 0 && (operation === 'conn' || operation === 'stream')
    const peers: Peers[] = hasLivePeers ? ['one', 'random', 'live'] : ['one', 'random']
    return peers.map(each => ({ operation, peers: each, live }))
  })
}
