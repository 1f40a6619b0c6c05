import assert from 'node:assert/strict'
import { CountingPeerScope, ManualClock } from '@weir/compliance'
import { MAX_WRITE_TURN_BYTES, SHARED_FRAME_BYTES, WRITE_TURN_BYTES, WRITE_TURN_MS } from '../src/defaults.ts'
import { WriteTurn } from '../src/write-turn.ts'
import { SYN, windowUpdate } from './frames.ts'
import { muxedByHand } from './pair.ts'
import { settled } from './settled.ts'

const WINDOW_BYTES = 262_144

/** How much one write may hold, with what it reserves. */
function largest (turn: WriteTurn): number {
  let bytes = WRITE_TURN_BYTES
  while (turn.hasRoom(bytes)) bytes += WRITE_TURN_BYTES
  return bytes
}

describe('what a yamux connection writes at once', () => {
  it('doubles while the layer below takes it soon, and halves when it does not', () => {
    let reserved = 0
    const turn = new WriteTurn({ mayGrow: bytes => { reserved += bytes; return true }, release: bytes => { reserved -= bytes } })
    for (let goal = WRITE_TURN_BYTES; goal < MAX_WRITE_TURN_BYTES; goal *= 2) {
      assert.equal(largest(turn), goal)
      assert.equal(reserved, goal - WRITE_TURN_BYTES)
      turn.taken(goal, WRITE_TURN_MS)
      assert.equal(reserved, 0)
    }
    assert.equal(largest(turn), MAX_WRITE_TURN_BYTES)
    turn.taken(MAX_WRITE_TURN_BYTES, 0)
    assert.equal(largest(turn), MAX_WRITE_TURN_BYTES, 'and no further')
    for (let goal = MAX_WRITE_TURN_BYTES; goal > WRITE_TURN_BYTES; goal /= 2) {
      assert.equal(largest(turn), goal)
      turn.taken(goal, WRITE_TURN_MS + 1)
    }
    turn.taken(10, WRITE_TURN_MS + 1)
    assert.equal(largest(turn), WRITE_TURN_BYTES, 'and no less')
    assert.equal(reserved, 0)
  })

  it('stays as it is when a write was not full, or when the peer has no memory', () => {
    const asked: number[] = []
    const turn = new WriteTurn({ mayGrow: bytes => { asked.push(bytes); return false }, release: () => { throw new Error('nothing was reserved') } })
    turn.taken(WRITE_TURN_BYTES - 1, 0)
    assert.equal(largest(turn), WRITE_TURN_BYTES)
    assert.deepEqual(asked, [])
    turn.taken(WRITE_TURN_BYTES, 0)
    assert.equal(largest(turn), WRITE_TURN_BYTES)
    assert.deepEqual(asked, [WRITE_TURN_BYTES])
  })

  /** Writes 4 MiB to a remote that takes all, and waits so long between the writes. */
  async function writeSlowly (waitMs: number, limitBytes?: number): Promise<{ sizes: number[], scope: CountingPeerScope }> {
    const clock = new ManualClock()
    const scope = new CountingPeerScope(limitBytes === undefined ? {} : { limitBytes })
    const { hand, conn } = muxedByHand({ clock }, { scope })
    hand.feed(windowUpdate(1, 10_000_000, SYN))
    const stream = await conn.acceptStream()
    hand.room = false
    const writing = stream.write(new Uint8Array(4 << 20))
    let done = false
    void writing.then(() => { done = true })
    await settled()
    while (!done) {
      assert(scope.bytes <= WINDOW_BYTES + MAX_WRITE_TURN_BYTES - WRITE_TURN_BYTES)
      await clock.advanceAsync(waitMs)
      hand.drain()
      hand.room = false
      await settled()
    }
    hand.drain()
    await settled()
    assert.equal(scope.bytes, WINDOW_BYTES, 'what the writes reserved is free')
    conn.abort(new Error('done'))
    assert.equal(scope.bytes, 0)
    return { sizes: hand.written.map(({ byteLength }) => byteLength), scope }
  }

  it('is much over a fast connection, reserved meanwhile', async () => {
    const { sizes, scope } = await writeSlowly(1)
    assert(Math.max(...sizes) >= MAX_WRITE_TURN_BYTES, `${sizes}`)
    assert(Math.max(...sizes) <= MAX_WRITE_TURN_BYTES + SHARED_FRAME_BYTES, `${sizes}`)
    assert.equal(scope.mostBytes, WINDOW_BYTES + MAX_WRITE_TURN_BYTES - WRITE_TURN_BYTES)
  })

  it('is little over a slow one, and where the peer has no memory', async () => {
    for (const { sizes, scope } of [await writeSlowly(100), await writeSlowly(1, WINDOW_BYTES + 1_000)]) {
      assert(Math.max(...sizes) <= WRITE_TURN_BYTES + SHARED_FRAME_BYTES, `${sizes}`)
      assert.equal(scope.mostBytes, WINDOW_BYTES)
    }
  })

  it('is given back when the connection ends while the layer below has it', async () => {
    const scope = new CountingPeerScope()
    const { hand, conn } = muxedByHand({}, { scope })
    hand.feed(windowUpdate(1, 10_000_000, SYN))
    const stream = await conn.acceptStream()
    const writing = stream.write(new Uint8Array(8 << 20)).catch(() => {})
    while (scope.bytes === WINDOW_BYTES) {
      hand.room = false
      await settled()
      if (scope.bytes > WINDOW_BYTES) break
      hand.drain()
    }
    conn.abort(new Error('done'))
    await writing
    hand.drain()
    await settled()
    assert.equal(scope.bytes, 0)
  })

  it('takes the small rest of a message along', async () => {
    const { hand, conn } = muxedByHand()
    hand.feed(windowUpdate(1, 10_000_000, SYN))
    const stream = await conn.acceptStream()
    await stream.write(new Uint8Array(WRITE_TURN_BYTES - 12 + 100))
    await settled()
    assert.equal(hand.written.length, 1)
    conn.abort(new Error('done'))
  })
})
