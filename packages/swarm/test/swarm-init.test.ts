import assert from 'node:assert/strict'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { nullPeerstore, nullResourceManager } from '@weir/network'
import { createSwarm, SWARM_DEFAULTS } from '../src/index.ts'
import { swarmSettings } from '../src/swarm-init.ts'

describe('swarmSettings', () => {
  it('fills up with the Nulls and the defaults', async () => {
    const settings = swarmSettings({ privateKey: await generateKeyPair('Ed25519'), dialTimeoutMs: 7 })
    assert.equal(settings.peerstore, nullPeerstore)
    assert.equal(settings.resourceManager, nullResourceManager)
    assert.equal(settings.acceptTimeoutMs, SWARM_DEFAULTS.acceptTimeoutMs)
    assert.equal(settings.dialTimeoutMs, 7)
  })

  it('refuses a key that it does not know', async () => {
    const privateKey = await generateKeyPair('Ed25519')
    assert.throws(() => createSwarm({ privateKey, dialTimeout: 5 } as never), /does not know the option dialTimeout/)
  })

  it('refuses to be without a private key', () => {
    assert.throws(() => createSwarm({} as never), TypeError)
  })

  for (const value of [0, -1, Number.NaN, '5']) {
    it(`refuses a timeout of ${value}`, async () => {
      const privateKey = await generateKeyPair('Ed25519')
      assert.throws(() => createSwarm({ privateKey, acceptTimeoutMs: value as number }), RangeError)
    })
  }
})
