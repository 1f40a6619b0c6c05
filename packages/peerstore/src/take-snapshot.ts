import { publicKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Clock } from '@weir/network'
import { isPinned } from './addr-ttl.ts'
import { embeddedPublicKey } from './embedded-public-key.ts'
import type { PeerEntry } from './peer-entry.ts'
import type { PeerTable } from './peer-table.ts'
import type { PeerSnapshot, PeerstoreSnapshot } from './snapshot.ts'

function peerSnapshot (entry: PeerEntry, wallOffsetMs: number): PeerSnapshot {
  const { peer, publicKey } = entry
  const toWall = (atMs: number): number => isPinned(atMs) ? atMs : Math.round(atMs + wallOffsetMs)
  return {
    peer: peer.toString(),
    type: peer.type,
    addrs: Array.from(entry.addrs, ([addr, { ttlMs, endMs }]) => ({ addr, ttlMs, endMs: toWall(endMs) })),
    publicKey: publicKey === undefined || embeddedPublicKey(peer) !== undefined ? undefined : publicKeyToProtobuf(publicKey),
    protocols: [...entry.protocols ?? []],
    metadata: [...entry.metadata ?? []],
    latencyMs: entry.latencyMs,
    factsEndMs: entry.hasFacts ? toWall(entry.factsEndMs) : 0
  }
}

/** Everything in the table whose time is not over. */
export function takeSnapshot (table: PeerTable, clock: Clock): PeerstoreSnapshot {
  const savedMs = clock.wallMs()
  const wallOffsetMs = savedMs - clock.monotonicMs()
  return { version: 1, savedMs, peers: Array.from(table.entries(), entry => peerSnapshot(entry, wallOffsetMs)) }
}
