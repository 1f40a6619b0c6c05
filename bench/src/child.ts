import type { BenchConn, BenchDialer, BenchListener, BenchPeer } from './bench-peer.ts'
import { hold, MEASURES, type MeasureOptions } from './measure.ts'
import { serveCalls } from './serve-calls.ts'
import { settledMemory } from './settled-memory.ts'

// The listening or the dialing process of a peer: does what the harness asks over the process channel.

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

  memory: settledMemory
}

serveCalls(calls)
