import { type Conn, type ConnManager, type Direction, ConnErrorCode, type Network, type PeerRef } from '@weir/network'
import { assertNoTimers } from '../assert-no-timers.ts'
import type { Case } from '../case.ts'
import { fakeConn } from '../fake-conn.ts'
import { ManualClock } from '../manual-clock.ts'
import { sampleAddr } from '../sample-addr.ts'
import type { ConnManagerSubject } from './conn-manager-subject.ts'

const network = Object.freeze({}) as Network

/** A manager with a network of fake connections, which it is told of, and which it is told the end of when it ends them. */
export class ConnHouse {
  readonly manager: ConnManager
  readonly clock: ManualClock
  /** The ids of the connections that were closed, in order. */
  readonly closed: string[] = []
  /** The codes they were closed with. */
  readonly codes: Set<number> = new Set()
  #count = 0

  constructor (manager: ConnManager, clock: ManualClock) {
    this.manager = manager
    this.clock = clock
  }

  /** Opens a connection, tells the manager, and lets a second pass. @returns its id is `c1`, `c2`, and so on */
  connect (peer: PeerRef, { direction, numStreams }: { direction?: Direction, numStreams?: number } = {}): Conn {
    const id = `c${++this.#count}`
    const conn: Conn = fakeConn({
      id,
      remotePeer: peer,
      remoteMultiaddr: sampleAddr(1), // one for all: nothing may take two connections for one because they come from one address
      openedMs: this.clock.wallMs(),
      direction,
      numStreams,
      onClose: code => {
        this.closed.push(id)
        this.codes.add(code)
        this.manager.notifiee.disconnected(network, conn)
      }
    })
    this.manager.notifiee.connected(network, conn)
    this.clock.advance(1_000)
    return conn
  }

  tellConnected (conn: Conn): void {
    this.manager.notifiee.connected(network, conn)
  }

  tellDisconnected (conn: Conn): void {
    this.manager.notifiee.disconnected(network, conn)
  }
}

export type ConnManagerCase = Case<ConnManagerSubject, 'enforces'>

/** Codes that a manager may close with. */
export const TRIM_CODES: readonly number[] = [ConnErrorCode.garbageCollected]

/** A case of every manager: low mark 2, high mark 6. At its end the manager is closed and no timer is left. */
export function houseCase (name: string, run: (house: ConnHouse) => void | Promise<void>): ConnManagerCase {
  return {
    name,
    async run (subject) {
      const clock = new ManualClock()
      {
        await using manager = await subject.create({ lowWater: 2, highWater: 6, clock })
        await run(new ConnHouse(manager, clock))
      }
      assertNoTimers(clock)
    }
  }
}

/** A case of managers that remember and trim. */
export function enforcedCase (name: string, run: (house: ConnHouse) => void | Promise<void>): ConnManagerCase {
  return { ...houseCase(name, run), needs: ['enforces'] }
}
