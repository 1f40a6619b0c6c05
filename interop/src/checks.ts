import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { PeerProcess, Started } from './peer-process.ts'

/** Two running peers; one has dialled the other before the checks run. */
export interface Running {
  readonly dialer: PeerProcess
  readonly listener: PeerProcess
  readonly dialerIs: Started
  readonly listenerIs: Started
}

export interface Check {
  /** A column of the table. */
  readonly name: string
  /** Whether both sides have to know error codes. */
  readonly codes?: boolean
  run (running: Running): Promise<void>
}

interface Identified {
  readonly agent: string
  readonly protocols: readonly string[]
}

const MIB = 1024 * 1024
const AT_ONCE = 50
const HELD = 1_000
const CODE = 42
const UNUSED_PEER = '12D3KooWQYV9dGMFoRzNStwpXztXaBUjtPqi6aU76ZgUriHhKust'
const CONNS_WITHIN_MS = 10_000
const POLL_MS = 20

async function eventuallyConns (count: 0 | 1, ...peers: PeerProcess[]): Promise<void> {
  for (const peer of peers) {
    const deadlineMs = performance.now() + CONNS_WITHIN_MS
    for (let has = -1; has !== count; await wait(POLL_MS)) {
      has = (await peer.ask<{ count: number }>('conns')).count
      if (has !== count && performance.now() > deadlineMs) throw new Error(`${peer.name} has ${has} connections, and not ${count}, ${CONNS_WITHIN_MS} ms after the other side`)
    }
  }
}

/** Until both know of the connection: a listener that opens a stream before that would dial. */
async function connect ({ dialer, listener, listenerIs }: Running): Promise<void> {
  await dialer.ask('connect', { addr: listenerIs.addrs[0] })
  await eventuallyConns(1, dialer, listener)
}

function assertIdentified (told: Identified, is: Started): void {
  assert.equal(told.agent, is.agent)
  for (const protocol of ['/ipfs/ping/1.0.0', '/ipfs/id/1.0.0', '/weir/echo/1.0.0', '/perf/1.0.0']) assert.ok(told.protocols.includes(protocol), `${protocol} is missing in ${told.protocols}`)
}

/** In this order: the first one dials, the last one hangs up. */
export const CHECKS: readonly Check[] = Object.freeze([
  {
    name: 'wrong id refused',
    async run ({ dialer, listenerIs }: Running) {
      const addr = listenerIs.addrs[0] ?? ''
      await assert.rejects(dialer.ask('connect', { addr: addr.replace(listenerIs.peer, UNUSED_PEER) }))
      assert.equal((await dialer.ask<{ count: number }>('conns')).count, 0)
    }
  },
  {
    name: 'connect',
    async run (running: Running) {
      await connect(running)
    }
  },
  {
    name: 'identify',
    async run ({ dialer, listener, dialerIs, listenerIs }: Running) {
      assertIdentified(await dialer.ask('identified', { peer: listenerIs.peer }), listenerIs)
      assertIdentified(await listener.ask('identified', { peer: dialerIs.peer }), dialerIs)
    }
  },
  {
    name: 'ping',
    async run ({ dialer, listenerIs }: Running) {
      const { rttMs } = await dialer.ask<{ rttMs: number }>('ping', { peer: listenerIs.peer })
      assert.ok(rttMs >= 0)
    }
  },
  {
    name: 'echo',
    async run ({ dialer, listenerIs }: Running) {
      for (const bytes of [1, 32, MIB]) await dialer.ask('echo', { peer: listenerIs.peer, bytes })
    }
  },
  {
    name: `${AT_ONCE} streams`,
    async run ({ dialer, listenerIs }: Running) {
      await dialer.ask('streams', { peer: listenerIs.peer, count: AT_ONCE, bytes: 10_000 })
    }
  },
  {
    name: `${HELD} held open`,
    async run ({ dialer, listener, dialerIs, listenerIs }: Running) {
      await Promise.all([dialer.ask('hold', { peer: listenerIs.peer, count: HELD }), listener.ask('hold', { peer: dialerIs.peer, count: HELD })])
    }
  },
  {
    name: 'perf',
    async run ({ dialer, listenerIs }: Running) {
      await dialer.ask('perf', { peer: listenerIs.peer, upload: MIB, download: 2 * MIB })
    }
  },
  {
    name: '10 MiB + sha256',
    async run ({ dialer, listenerIs }: Running) {
      await dialer.ask('transfer', { peer: listenerIs.peer, upload: 10 * MIB, download: 10 * MIB })
    }
  },
  {
    name: 'answer after end',
    async run ({ dialer, listenerIs }: Running) {
      await dialer.ask('transfer', { peer: listenerIs.peer, upload: 0, download: 5 })
    }
  },
  {
    name: 'end first',
    async run ({ dialer, listener, listenerIs }: Running) {
      await dialer.ask('end-first', { peer: listenerIs.peer, bytes: 100_000 })
      const { how, sha256 } = await listener.event('end-first')
      assert.equal(how, 'end')
      assert.equal(sha256, createHash('sha256').update(Buffer.alloc(100_000, 7)).digest('hex'))
    }
  },
  {
    name: 'they reset',
    async run ({ dialer, listenerIs }: Running) {
      assert.equal((await dialer.ask<{ how: string }>('resets', { peer: listenerIs.peer, code: 0 })).how, 'reset')
    }
  },
  {
    name: 'we reset',
    async run ({ dialer, listener, listenerIs }: Running) {
      await dialer.ask('reset-me', { peer: listenerIs.peer, code: 0 })
      assert.equal((await listener.event('reset-me')).how, 'reset')
    }
  },
  {
    name: 'reset codes',
    codes: true,
    async run ({ dialer, listener, listenerIs }: Running) {
      assert.deepEqual(await dialer.ask('resets', { peer: listenerIs.peer, code: CODE }), { how: 'reset', code: CODE })
      await dialer.ask('reset-me', { peer: listenerIs.peer, code: CODE })
      assert.deepEqual(await listener.event('reset-me'), { event: 'reset-me', how: 'reset', code: CODE })
    }
  },
  {
    name: 'conn codes',
    codes: true,
    async run ({ dialer, listener, dialerIs, listenerIs }: Running) {
      for (const [from, to, peer] of [[dialer, listener, listenerIs.peer], [listener, dialer, dialerIs.peer]] as const) {
        await from.ask('close-with-code', { peer, code: CODE })
        assert.deepEqual(await to.event('reset-me'), { event: 'reset-me', how: 'closed', code: CODE })
        await eventuallyConns(0, dialer, listener)
        await connect({ dialer, listener, dialerIs, listenerIs })
      }
    }
  },
  {
    name: 'hang up',
    async run ({ dialer, listener, listenerIs }: Running) {
      await dialer.ask('disconnect', { peer: listenerIs.peer })
      await eventuallyConns(0, dialer, listener)
    }
  }
])
