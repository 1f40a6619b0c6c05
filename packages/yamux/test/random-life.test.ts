import assert from 'node:assert/strict'
import { assertNoTimers, CountingPeerScope, ManualClock } from '@weir/compliance'
import type { MuxedConn, MuxedStream } from '@weir/network'
import fc from 'fast-check'
import { muxedPair, type Pair } from './pair.ts'
import { settled } from './settled.ts'

type Side = 'client' | 'server'

/** What happens next; `pick` chooses among the streams that are there. */
type Step =
  | { readonly do: 'open' | 'accept', readonly side: Side }
  | { readonly do: 'write', readonly pick: number, readonly bytes: number }
  | { readonly do: 'read' | 'closeWrite' | 'closeRead' | 'close' | 'reset' | 'abort' | 'expire' | 'dispose', readonly pick: number }
  | { readonly do: 'wait', readonly ms: number }
  | { readonly do: 'settle' }

const side = fc.constantFrom<Side>('client', 'server')
const pick = fc.nat()

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('open' as const), side }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('accept' as const), side }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), pick, bytes: fc.oneof(fc.nat(100), fc.nat(400_000)) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('read' as const), pick }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('closeWrite' as const, 'closeRead' as const, 'close' as const, 'reset' as const, 'abort' as const, 'expire' as const, 'dispose' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(9_000) }) } // less than a keepalive's timeout
)

const nobody = (): void => {}

class Life {
  readonly #streams: MuxedStream[] = []
  readonly #pair: Pair
  readonly #clock: ManualClock

  constructor (pair: Pair, clock: ManualClock) {
    this.#pair = pair
    this.#clock = clock
  }

  async run (each: Step): Promise<void> {
    if (each.do === 'open') this.#keep(this.#pair[each.side].openStream())
    else if (each.do === 'accept') this.#keep(this.#pair[each.side].acceptStream())
    else if (each.do === 'settle') await settled()
    else if (each.do === 'wait') await this.#clock.advanceAsync(each.ms)
    else if ('pick' in each) this.#use(each)
  }

  #keep (opening: Promise<MuxedStream>): void {
    opening.then(stream => { this.#streams.push(stream) }, nobody)
  }

  #use (each: Extract<Step, { readonly pick: number }>): void {
    const stream = this.#streams[each.pick % this.#streams.length]
    if (stream === undefined) return
    if (each.do === 'write') stream.write(new Uint8Array(each.bytes)).catch(nobody)
    else if (each.do === 'read') stream.read().catch(nobody)
    else if (each.do === 'closeWrite') stream.closeWrite().catch(nobody)
    else if (each.do === 'closeRead') stream.closeRead().catch(nobody)
    else if (each.do === 'close') stream.close().catch(nobody)
    else if (each.do === 'dispose') Promise.resolve(stream[Symbol.asyncDispose]()).catch(nobody)
    else if (each.do === 'reset') stream.reset()
    else if (each.do === 'abort') stream.abort(new Error('of a life'))
    else stream.setDeadline(this.#clock.monotonicMs() + 100)
  }

  /** Ends all streams, and lets the connection go on without them. */
  async endAll (): Promise<void> {
    for (;;) {
      // Those that nobody has accepted yet.
      const accepted = await Promise.all([this.#pair.client, this.#pair.server].map(conn => Promise.race([conn.acceptStream({ signal: AbortSignal.timeout(5) }).catch(nobody), new Promise<void>(resolve => { setTimeout(resolve, 10) })])))
      const some = accepted.filter(stream => stream !== undefined)
      this.#streams.push(...some)
      for (const stream of this.#streams.splice(0)) stream.reset()
      await settled()
      if (some.length === 0) return
    }
  }
}

const fuzzed = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 60 }),
  limits: fc.tuple(fc.constantFrom(Infinity, 300_000, 700_000), fc.constantFrom(Infinity, 300_000, 700_000)),
  failAts: fc.tuple(fc.constantFrom(Infinity, 2, 3, 5), fc.constantFrom(Infinity, 2, 3, 5)),
  backlog: fc.constantFrom(1, 3, 256),
  cutBytes: fc.constantFrom(Infinity, 1_000, 65_536)
})

function live ({ limits, failAts, backlog, cutBytes }: Omit<typeof fuzzed extends fc.Arbitrary<infer T> ? T : never, 'steps'>): { clock: ManualClock, scopes: [CountingPeerScope, CountingPeerScope], pair: Pair, life: Life } {
  const clock = new ManualClock()
  const scopes: [CountingPeerScope, CountingPeerScope] = [new CountingPeerScope({ limitBytes: limits[0], failAt: failAts[0] }), new CountingPeerScope({ limitBytes: limits[1], failAt: failAts[1] })]
  const cut = (bytes: Uint8Array): Uint8Array[] => Array.from({ length: Math.ceil(bytes.byteLength / Math.min(cutBytes, 1 << 30)) }, (_, i) => bytes.subarray(i * cutBytes || 0, (i + 1) * cutBytes))
  const pair = muxedPair({ init: { clock, acceptBacklog: backlog }, scopes, below: { cut } })
  return { clock, scopes, pair, life: new Life(pair, clock) }
}

const ENDS: Record<string, (conn: MuxedConn) => void> = {
  close: conn => { void conn.close() },
  closeWithError: conn => { void conn.closeWithError(0x1006) },
  abort: conn => { conn.abort(new Error('the end')) }
}

describe('a random life', () => {
  for (const [name, end] of Object.entries(ENDS)) {
    it(`leaves nothing behind when the connection ends in the middle of it, by ${name}`, async () => {
      await fc.assert(fc.asyncProperty(fuzzed, async ({ steps, ...init }) => {
        const { clock, scopes, pair, life } = live(init)
        for (const each of steps) await life.run(each)
        end(pair.client)
        assert.deepEqual([scopes[0].bytes, scopes[0].spans], [0, 0], 'in the same turn')
        await settled()
        assert.equal(pair.server.isClosed(), true)
        assert.deepEqual([scopes[1].bytes, scopes[1].spans], [0, 0])
        await settled()
        assertNoTimers(clock)
      }), { numRuns: 60 })
    })
  }

  it('gives all memory back with its streams, and the connection goes on', async () => {
    await fc.assert(fc.asyncProperty(fuzzed, async ({ steps, ...init }) => {
      const { clock, scopes, pair, life } = live(init)
      for (const each of steps) await life.run(each)
      await settled()
      assert.deepEqual([pair.client.isClosed(), pair.server.isClosed()], [false, false])
      await life.endAll()
      await settled()
      assert.deepEqual(scopes.map(({ bytes }) => bytes), [0, 0])
      assert.equal(clock.pendingTimers, 2, 'the keepalives, one on each side')
      pair.end()
      await settled()
      assertNoTimers(clock)
      assert.deepEqual(scopes.map(({ spans }) => spans), [0, 0])
    }), { numRuns: 40 })
  })
})
