import type { Peerstore } from '@weir/network'
import { addrBook } from './addr-book.ts'
import { keyBook } from './key-book.ts'
import { latencyBook } from './latency-book.ts'
import { metadataBook } from './metadata-book.ts'
import { PeerTable } from './peer-table.ts'
import { type PeerstoreInit, resolvePeerstoreInit } from './peerstore-init.ts'
import type { PeerstoreStat } from './peerstore-stat.ts'
import { protoBook } from './proto-book.ts'
import { restoreSnapshot } from './restore-snapshot.ts'
import type { PeerstoreSnapshot } from './snapshot.ts'
import { sweepTimer } from './sweep-timer.ts'
import { takeSnapshot } from './take-snapshot.ts'

/** A peerstore that can be written down and that tells how full it is. */
export interface SnapshotPeerstore extends Peerstore {
  /** Everything whose time is not over, as plain data, in one synchronous pass. Works after `close` too. */
  snapshot (): PeerstoreSnapshot
  stat (): PeerstoreStat
}

/**
 * Makes a peerstore that lives in memory. The caller owns and closes it.
 *
 * When it is full, what would be over first goes first, be it the newest; of too many protocols or metadata keys of one peer the
 * newest are not taken. A peer with a connected or a permanent address is never forgotten: when all are such, a new peer is not
 * taken. None of this throws; `stat` counts it.
 *
 * `close` ends the sweep of what is over. What is known stays readable and writable, so that the last connections to end can
 * still write, and a last snapshot be taken.
 *
 * @throws {TypeError} or {RangeError} when `init` is wrong; never because of what is in the snapshot
 * @throws whatever `onCorrupt` throws
 * @see reference/go-libp2p.md 1.7
 */
export function createPeerstore (init: PeerstoreInit = {}): SnapshotPeerstore {
  const { clock, limits, snapshot, onCorrupt } = resolvePeerstoreInit(init)
  using undo = new DisposableStack()
  const timer = undo.use(sweepTimer({ clock, intervalMs: limits.sweepIntervalMs, pauseMs: limits.sweepPauseMs, sweep: () => table.sweep(limits.sweepBatch) }))
  const table = new PeerTable(clock, limits, () => { timer.arm() })
  const books = { ...addrBook(table), ...keyBook(table), ...protoBook(table), ...metadataBook(table), ...latencyBook(table) }
  if (snapshot !== undefined) {
    const report = restoreSnapshot(snapshot, { table, books, clock })
    if (report.numFaults > 0) onCorrupt(report)
  }
  undo.move() // from here on the store owns the timer
  const close = async (): Promise<void> => { timer[Symbol.dispose]() }
  return Object.freeze({
    ...books,
    peerInfo: peer => ({ peer, addrs: books.addrs(peer) }),
    peers: () => Array.from(table.entries(), entry => entry.peer),
    removePeer (peer) {
      table.update(peer, entry => { entry.clearFacts() })
    },
    snapshot: () => takeSnapshot(table, clock),
    stat: () => table.stat(),
    close,
    [Symbol.asyncDispose]: close
  } satisfies SnapshotPeerstore)
}
