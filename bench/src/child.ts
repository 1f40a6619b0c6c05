import { setTimeout as wait } from 'node:timers/promises'
import type { BenchConn, BenchDialer, BenchListener, BenchPeer } from './bench-peer.ts'
import { hold, MEASURES, type MeasureOptions } from './measure.ts'

// The listening or the dialing process of a peer: does what the harness asks over the process channel.

const SETTLE_MS = 500

interface Memory {
  readonly heapBytes: number
  readonly rssBytes: number
}

const { peer } = await import(process.argv[2] ?? '') as { peer: BenchPeer }
const dialers: BenchDialer[] = []
let listener: BenchListener | undefined
let held: BenchConn[] = []

async function moreDialers (count: number): Promise<void> {
  while (dialers.length < count) dialers.push(await peer.dialer())
}

const calls = {
  async listen (): Promise<string> {
    listener = await peer.listen()
    return listener.address
  },

  async measure (name: keyof typeof MEASURES, address: string, options: MeasureOptions): Promise<number> {
    await moreDialers(name === 'connections' ? options.lanes : 1)
    return await MEASURES[name](dialers, address, options)
  },

  async hold (address: string, count: number): Promise<void> {
    await moreDialers(count)
    held = await hold(dialers.slice(0, count), address)
  },

  async release (): Promise<void> {
    await Promise.all(held.splice(0).map(conn => conn.close()))
  },

  async conns (): Promise<number> {
    return listener?.conns() ?? 0
  },

  /** After what is going on has come to rest, and all garbage is collected. */
  async memory (): Promise<Memory> {
    for (let times = 0; times < 3; times++) {
      await wait(SETTLE_MS)
      globalThis.gc?.()
    }
    const { heapUsed, external, rss } = process.memoryUsage()
    return { heapBytes: heapUsed + external, rssBytes: rss }
  }
}

interface Call {
  readonly id: number
  readonly name: keyof typeof calls
  readonly args: never[]
}

process.on('message', ({ id, name, args }: Call) => {
  const call = calls[name] as (...args: never[]) => Promise<unknown>
  call(...args).then(
    result => { process.send?.({ id, result }) },
    (error: unknown) => { process.send?.({ id, error: error instanceof Error ? error.stack : String(error) }) }
  )
})
process.on('disconnect', () => { process.exit() })
process.send?.({ id: 0 })
