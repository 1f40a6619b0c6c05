import type { Leak } from './owner.ts'
import type { PeerScope } from './peer-scope.ts'

/** Peers that are charged for something although they have no connection: streams, or memory that nobody will give back. */
export function peersWithoutConns (peers: Iterable<PeerScope>): Leak[] {
  return Array.from(peers).filter(({ counter }) => counter.conns === 0 && !counter.isZero).map(({ id, counter }) => ({
    scope: id,
    reason: 'no-connection',
    label: undefined,
    openForMs: undefined,
    stat: counter.stat()
  }))
}
