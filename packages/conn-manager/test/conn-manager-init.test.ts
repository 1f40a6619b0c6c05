import assert from 'node:assert/strict'
import { type ConnManagerInit, CONN_MANAGER_DEFAULTS, createConnManager, DecayingTagClosedError, DecayingTagExistsError, TooManyDecayingTagsError, WatermarkAboveLimitError } from '../src/index.ts'

describe('createConnManager', () => {
  it('has defaults for everything, as in Go', async () => {
    await using manager = createConnManager()
    const { lowWater, highWater, gracePeriodMs, silencePeriodMs } = manager.info()
    assert.deepEqual({ lowWater, highWater, gracePeriodMs, silencePeriodMs }, { lowWater: 160, highWater: 192, gracePeriodMs: 60_000, silencePeriodMs: 10_000 })
    assert(Object.isFrozen(CONN_MANAGER_DEFAULTS))
    createConnManager({ lowWater: undefined, decay: { resolutionMs: undefined } })
  })

  it('knows every key that it is given', () => {
    assert.throws(() => createConnManager({ lowWatermark: 5 } as ConnManagerInit), /unknown option lowWatermark/)
    assert.throws(() => createConnManager({ resolutionMs: 5 } as ConnManagerInit), /unknown option resolutionMs/)
    assert.throws(() => createConnManager({ decay: { resolution: 5 } } as ConnManagerInit), /unknown option decay.resolution/)
  })

  const wrong: ConnManagerInit[] = [
    { lowWater: -1 }, { lowWater: 1.5 }, { highWater: Infinity }, { highWater: NaN }, { lowWater: 5, highWater: 4 }, { gracePeriodMs: -1 }, { gracePeriodMs: Infinity }, { silencePeriodMs: -1 },
    { protectedRatio: 1.1 }, { protectedRatio: -0.1 }, { protectedRatio: NaN }, { reservedOutboundRatio: 2 }, { maxUntrustedInbound: -1 }, { maxTempPeers: 0 }, { tempPeerTtlMs: 0 },
    { maxTagsPerPeer: 0 }, { maxProtectedPeers: 0 }, { maxDecayingTags: 0 }, { closeTimeoutMs: -1 }, { decay: { resolutionMs: 0 } }, { decay: { valuesPerTurn: Infinity } }, { lowWater: '5' as never }
  ]
  for (const init of wrong) {
    it(`refuses ${JSON.stringify(init)}`, () => { assert.throws(() => createConnManager(init), RangeError) })
  }

  it('takes what has no bound where that makes sense', () => {
    createConnManager({ maxUntrustedInbound: Infinity, maxTempPeers: Infinity, tempPeerTtlMs: Infinity, maxTagsPerPeer: Infinity, maxProtectedPeers: Infinity, closeTimeoutMs: Infinity, lowWater: 5, highWater: 0 })
  })

  it('has errors that are known by their codes', () => {
    const cause = new Error('cause')
    for (const [error, is] of [
      [new WatermarkAboveLimitError(2, 1, { cause }), WatermarkAboveLimitError.is], [new DecayingTagExistsError('a', { cause }), DecayingTagExistsError.is],
      [new DecayingTagClosedError('a', { cause }), DecayingTagClosedError.is], [new TooManyDecayingTagsError('a', 1, { cause }), TooManyDecayingTagsError.is]
    ] as const) {
      assert(is(error) && error.cause === cause && error.name === error.constructor.name)
      assert.equal(is(cause), false)
    }
  })
})
