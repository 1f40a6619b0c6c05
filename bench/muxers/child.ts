import { serveCalls } from '../src/serve-calls.ts'
import { settledMemory } from '../src/settled-memory.ts'
import { dial, type Layer, listen } from './connect.ts'
import { ECHO, type MuxerSession, SINK } from './muxer-side.ts'
import { SIDES, type SideId } from './sides.ts'

// The listening or the dialing process of a side.

const MIB = 1024 * 1024
const { side } = SIDES[new URL(process.argv[2] ?? '').hash.slice(1) as SideId]
const message = new Uint8Array(32).fill(ECHO)
let session: MuxerSession | undefined

function connected (): MuxerSession {
  if (session === undefined) throw new Error('not connected')
  return session
}

serveCalls({
  listen: async (layer: Layer): Promise<string> => (await listen(layer, conn => { side.accepted(conn) })).address,

  async connect (layer: Layer, address: string): Promise<void> {
    session = side.dialed(await dial(layer, address))
  },

  /** @returns how many MiB went over so many streams at once, and how long it took */
  async throughput (streams: number, mebibytes: number): Promise<[count: number, seconds: number]> {
    const perStream = Math.ceil(mebibytes * MIB / streams)
    const data = new Uint8Array(Math.min(MIB, perStream)).fill(SINK)
    const times = Math.ceil(perStream / data.byteLength)
    const start = performance.now()
    await Promise.all(Array.from({ length: streams }, () => connected().send(data, times)))
    return [streams * times * data.byteLength / MIB, (performance.now() - start) / 1_000]
  },

  /** @returns how many streams lived, so many at once, and how long it took */
  async streams (lanes: number, durationMs: number): Promise<[count: number, seconds: number]> {
    const start = performance.now()
    let count = 0
    await Promise.all(Array.from({ length: lanes }, async () => {
      while (performance.now() - start < durationMs) {
        await connected().echo(message)
        count++
      }
    }))
    return [count, (performance.now() - start) / 1_000]
  },

  hold: async (count: number): Promise<void> => { await connected().hold(count, message) },
  release: async (): Promise<void> => { connected().release() },
  memory: async (): Promise<number> => (await settledMemory()).heapBytes,

  async cpuUs (): Promise<number> {
    const { user, system } = process.cpuUsage()
    return user + system
  }
})
