import type { BenchConn, BenchDialer } from './bench-peer.ts'

/** Runs `work` in `lanes` lanes until the time is over. @returns runs per second */
async function rate (lanes: number, durationMs: number, work: (lane: number) => Promise<void>): Promise<number> {
  const start = performance.now()
  const until = start + durationMs
  let runs = 0
  await Promise.all(Array.from({ length: lanes }, async (_, lane) => {
    while (performance.now() < until) {
      await work(lane)
      runs++
    }
  }))
  return runs * 1000 / (performance.now() - start)
}

/** What the dialing process of a peer can be asked to measure. Every result is a rate, so that more is better. */
export const MEASURES = {
  /** Streams per second: open, echo 32 bytes, end. */
  async streams (dialers: readonly BenchDialer[], address: string, { lanes, durationMs }: MeasureOptions): Promise<number> {
    const conn = await first(dialers).connect(address)
    const data = new Uint8Array(32).fill(7)
    const result = await rate(lanes, durationMs, () => conn.echo(data))
    await conn.close()
    return result
  },

  /** Bytes per second over one stream, in writes of 1 MiB, from the stream's opening to the listener's count of them. */
  async throughput (dialers: readonly BenchDialer[], address: string, { mebibytes }: MeasureOptions): Promise<number> {
    const conn = await first(dialers).connect(address)
    const data = new Uint8Array(1024 * 1024).fill(7)
    const start = performance.now()
    await conn.send(data, mebibytes)
    const seconds = (performance.now() - start) / 1000
    await conn.close()
    return mebibytes * data.byteLength / seconds
  },

  /** Connections per second: dial, secure, multiplex, close; each lane with an identity of its own. */
  async connections (dialers: readonly BenchDialer[], address: string, { lanes, durationMs }: MeasureOptions): Promise<number> {
    return await rate(lanes, durationMs, async lane => {
      const conn = await (dialers[lane] ?? first(dialers)).connect(address)
      await conn.close()
    })
  }
}

export interface MeasureOptions {
  readonly lanes: number
  readonly durationMs: number
  readonly mebibytes: number
}

function first (dialers: readonly BenchDialer[]): BenchDialer {
  const [dialer] = dialers
  if (dialer === undefined) throw new RangeError('no dialer')
  return dialer
}

/** Holds a connection of each dialer open, as many at a time as the machine bears. */
export async function hold (dialers: readonly BenchDialer[], address: string): Promise<BenchConn[]> {
  const AT_ONCE = 8
  const conns: BenchConn[] = []
  for (let at = 0; at < dialers.length; at += AT_ONCE) {
    conns.push(...await Promise.all(dialers.slice(at, at + AT_ONCE).map(dialer => dialer.connect(address))))
  }
  return conns
}
