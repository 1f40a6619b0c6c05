import assert from 'node:assert/strict'
import { announcedVersion, DISCONNECTION_REASON_TAGS, disconnectionReasonText, selectVersion, type SupportedVersions } from '../src/index.ts'

const LOCAL: SupportedVersions = { chainName: 'TEZOS_MAINNET', distributedDbVersions: [0, 1, 2], p2pVersions: [0, 1] }
const remote = (distributedDbVersion: number, p2pVersion: number, chainName = 'TEZOS_MAINNET') => ({ chainName, distributedDbVersion, p2pVersion })

describe('versions', () => {
  it('announced are the newest', () => {
    assert.deepEqual(announcedVersion(LOCAL), remote(2, 1))
    assert.throws(() => announcedVersion({ ...LOCAL, p2pVersions: [] }), RangeError)
    assert.throws(() => announcedVersion({ ...LOCAL, distributedDbVersions: [] }), RangeError)
  })

  it('agreed on are ours when the peer is as new, else the peer\'s if we speak it', () => {
    assert.deepEqual(selectVersion(LOCAL, remote(2, 1)), { version: remote(2, 1) })
    assert.deepEqual(selectVersion(LOCAL, remote(7, 9)), { version: remote(2, 1) })
    assert.deepEqual(selectVersion(LOCAL, remote(1, 0)), { version: remote(1, 0) })
    const old = { ...LOCAL, distributedDbVersions: [1, 2], p2pVersions: [1] }
    assert.deepEqual(selectVersion(old, remote(0, 1)), { motive: 'deprecated-distributed-db-version' })
    assert.deepEqual(selectVersion(old, remote(1, 0)), { motive: 'deprecated-p2p-version' })
    assert.deepEqual(selectVersion(LOCAL, remote(2, 1, 'MAVRYK_MAINNET')), { motive: 'unknown-chain-name' })
  })
})

describe('disconnection reasons', () => {
  it('have Octez\'s numbers, all of them and each once', () => {
    const hexTags = ['01', '02', '03', '04', '05', '06', '07', '08', '09', ...Array.from({ length: 20 }, (_, i) => `${i < 10 ? 1 : 2}${i % 10}`)]
    assert.deepEqual(Object.values(DISCONNECTION_REASON_TAGS).map(tag => tag.toString(16).padStart(2, '0')), hexTags)
  })

  it('are told to people', () => {
    assert.equal(disconnectionReasonText({ kind: 'connection-lost', during: 'read' }), 'connection lost on read')
    assert.equal(disconnectionReasonText({ kind: 'connection-closed-by-unexpected-error', during: 'write', error: 'the cable' }), 'connection closed by unexpected error on write: the cable')
    assert.equal(disconnectionReasonText({ kind: 'tcp-connection-failed-unexpected-error', error: 'no route' }), 'tcp connection failed unexpected error: no route')
    assert.equal(disconnectionReasonText({ kind: 'authentication-rejected', motive: 'already-connected' }), 'authentication rejected: already-connected')
    assert.equal(disconnectionReasonText({ kind: 'user', text: 'enough' }), 'enough')
    assert.equal(disconnectionReasonText({ kind: 'peer-swapped' }), 'peer swapped')
  })
})
