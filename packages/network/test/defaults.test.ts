import assert from 'node:assert/strict'
import { ADDRESS_TTL_MS, DIAL_PEER_TIMEOUT_MS, MESSAGE_SIZE_MAX_BYTES } from '../src/index.ts'

describe('the constants of Go', () => {
  it('DialPeerTimeout is a minute', () => {
    assert.equal(DIAL_PEER_TIMEOUT_MS, 60 * 1_000)
  })

  it('MessageSizeMax is 4 MiB', () => {
    assert.equal(MESSAGE_SIZE_MAX_BYTES, 1 << 22)
  })
})

describe('ADDRESS_TTL_MS', () => {
  it('has the times of Go', () => {
    assert.equal(ADDRESS_TTL_MS.address, 60 * 60 * 1_000)
    assert.equal(ADDRESS_TTL_MS.temporary, 2 * 60 * 1_000)
    assert.equal(ADDRESS_TTL_MS.recentlyConnected, 15 * 60 * 1_000)
  })

  it('tells connected from permanent, as Go does, both without a practical end', () => {
    assert.equal(ADDRESS_TTL_MS.permanent, Number.MAX_SAFE_INTEGER)
    assert.equal(ADDRESS_TTL_MS.connected, ADDRESS_TTL_MS.permanent - 1)
  })
})
