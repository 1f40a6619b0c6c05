import assert from 'node:assert/strict'
import type { P2pBenchSide } from '../p2p/bench-side.ts'
import { proofOfWorkHashes } from '../p2p/measure.ts'
import { modelSide } from '../p2p/model-side.ts'
import { weirSide } from '../p2p/weir-side.ts'

describe('p2p', () => {
  const sides: Readonly<Record<string, P2pBenchSide>> = { weir: weirSide, model: modelSide }

  // Each dials each: what the model leaves out is nothing that the protocol needs.
  for (const [dialer, dialing] of Object.entries(sides)) {
    for (const [listener, listening] of Object.entries(sides)) {
      it(`${dialer} talks to ${listener}: messages of all sizes arrive`, async () => {
        const listener = await listening.listen()
        const conn = await dialing.dial(listener.port)
        const sizes = [2, 64, 65_513, 65_514, 65_536, 200_000]
        for (const size of sizes) await conn.send(new Uint8Array(size).fill(1))
        assert.equal(await conn.count(), sizes.length)
        await conn.close()
        listener.close()
      })
    }
  }

  it('counts hashes', () => { assert.ok(proofOfWorkHashes(1) > 0) })
})
