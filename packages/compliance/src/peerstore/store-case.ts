import type { PeerRef, Peerstore } from '@weir/network'
import { assertNoTimers } from '../assert-no-timers.ts'
import type { Case } from '../case.ts'
import { ManualClock } from '../manual-clock.ts'
import type { PeerstoreSubject } from './peerstore-subject.ts'

export type PeerstoreCapability = 'enforces' | 'bounded' | 'keys'

export type PeerstoreCase = Case<PeerstoreSubject, PeerstoreCapability>

type Run = (store: Peerstore, clock: ManualClock, subject: PeerstoreSubject) => void | Promise<void>

/** How many peers, and addresses of each, the stores of this suite may know. */
export const MAX_PEERS = 20
export const MAX_ADDRS_PER_PEER = 10

/** A case of every peerstore. At its end the store is closed and no timer is left. */
export function storeCase (name: string, run: Run, ...needs: PeerstoreCapability[]): PeerstoreCase {
  return {
    name,
    needs,
    async run (subject) {
      const clock = new ManualClock({ monotonicMs: 1_000 })
      {
        await using store = await subject.create({ clock, maxPeers: MAX_PEERS, maxAddrsPerPeer: MAX_ADDRS_PER_PEER })
        await run(store, clock, subject)
      }
      assertNoTimers(clock)
    }
  }
}

/** A case of peerstores that remember. */
export function enforcedCase (name: string, run: Run): PeerstoreCase {
  return storeCase(name, run, 'enforces')
}

/** The texts of addresses or peers, in order, so that lists can be compared. */
export function texts (values: readonly { toString (): string }[]): string[] {
  return values.map(value => value.toString()).sort()
}

/** One of any number of peers. */
export function numberedPeer (index: number): PeerRef {
  const text = `peer-${index}`
  return { type: 'test', toString: () => text }
}
