import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ZERO_SCOPE_STAT } from '@weir/network'
import { PeerProcess } from './peer-process.ts'
import type { TestHost } from './test-hosts.ts'

const NODES = fileURLToPath(new URL('../peer/nodes.ts', import.meta.url))
const GONE_WITHIN_MS = 20_000
const POLL_MS = 50

/** What came of the dials of all nodes. */
export interface Dialled {
  /** The remote's addresses. */
  readonly connected: readonly string[]
  readonly failed: readonly string[]
  readonly tookMs: number
}

/** Weir nodes in one process on a host of a test: [the program](../peer/nodes.ts). */
export class NodesOnHost implements AsyncDisposable {
  readonly process: PeerProcess

  constructor (host: TestHost) {
    this.process = new PeerProcess('nodes', host.command([process.execPath, '--conditions=@weir/source', NODES]))
  }

  /** Adds nodes. @returns who the first of them all is */
  async start (init: { count?: number, listen?: string[], keepAliveMs?: number }): Promise<{ peer: string, addrs: string[] }> {
    return await this.process.ask('start', init)
  }

  /** Each node dials that peer, one after the other. */
  async dial (peer: string, addrs: readonly string[]): Promise<Dialled> {
    return await this.process.ask('dial', { peer, addrs })
  }

  /** Waits until no connection is left, and nothing is in use. */
  async idle (): Promise<void> {
    const deadlineMs = performance.now() + GONE_WITHIN_MS
    for (let count = -1; count !== 0; await wait(POLL_MS)) {
      count = (await this.process.ask<{ count: number }>('conns')).count
      assert(performance.now() < deadlineMs, `${count} connections are still there after ${GONE_WITHIN_MS} ms`)
    }
    const inUse = async (): Promise<object> => await this.process.ask('in-use')
    for (let left = await inUse(); performance.now() < deadlineMs; left = await inUse()) {
      if (Object.values(left).every(value => value === 0)) break
      await wait(POLL_MS)
    }
    assert.deepEqual(await inUse(), ZERO_SCOPE_STAT)
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    assert.equal(await this.process.end(), 0, 'the nodes ended in an error')
  }
}
