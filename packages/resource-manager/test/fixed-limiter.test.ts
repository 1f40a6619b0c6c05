import assert from 'node:assert/strict'
import { baseLimit } from '../src/base-limit.ts'
import { buildLimits } from '../src/build-limits.ts'
import { LimitConfigError } from '../src/errors.ts'
import { fixedLimiter } from '../src/fixed-limiter.ts'
import { infiniteLimits } from '../src/infinite-limits.ts'
import type { Limit } from '../src/limit.ts'

const peer = (text: string): { type: string, toString: () => string } => ({ type: 'Ed25519', toString: () => text })

describe('fixedLimiter', () => {
  const limits = buildLimits({
    System: { Conns: 1 }, Transient: { Conns: 2 }, AllowlistedSystem: { Conns: 3 }, AllowlistedTransient: { Conns: 4 },
    ServiceDefault: { Conns: 5 }, Service: { s: { Conns: 6 } }, ServicePeerDefault: { Conns: 7 }, ServicePeer: { s: { Conns: 8 } },
    ProtocolDefault: { Conns: 9 }, Protocol: { '/p': { Conns: 10 } }, ProtocolPeerDefault: { Conns: 11 }, ProtocolPeer: { '/p': { Conns: 12 } },
    PeerDefault: { Conns: 13 }, Peer: { QmA: { Conns: 14 } }, Conn: { Conns: 15 }, Stream: { Conns: 16 }
  }, infiniteLimits)
  const limiter = fixedLimiter(limits)

  it('answers for each scope from its own place', () => {
    const asked = [
      limiter.systemLimits(), limiter.transientLimits(), limiter.allowlistedSystemLimits(), limiter.allowlistedTransientLimits(),
      limiter.serviceLimits('t'), limiter.serviceLimits('s'), limiter.servicePeerLimits('t'), limiter.servicePeerLimits('s'),
      limiter.protocolLimits('/q'), limiter.protocolLimits('/p'), limiter.protocolPeerLimits('/q'), limiter.protocolPeerLimits('/p'),
      limiter.peerLimits(peer('QmB')), limiter.peerLimits(peer('QmA')), limiter.connLimits(), limiter.streamLimits(peer('QmA'))
    ]
    assert.deepEqual(asked.map(limit => limit.conns), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
  })

  it('answers names of an object\'s own with the default', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) assert.equal(limiter.protocolLimits(name), limits.protocolDefault)
  })

  it('hands a limit with getters on as it is: a dynamic policy', () => {
    let conns = 1
    const dynamic: Limit = { ...baseLimit({}), get conns () { return conns } }
    const limit = fixedLimiter({ ...infiniteLimits, system: dynamic }).systemLimits()
    assert.equal(limit, dynamic)
    conns = 7
    assert.equal(limit.conns, 7)
  })

  it('refuses a limit that would refuse nothing', () => {
    assert.throws(() => fixedLimiter({ ...infiniteLimits, system: { ...infiniteLimits.system, memoryBytes: Number.NaN } }), error => LimitConfigError.is(error) && error.path === 'system.memoryBytes')
    assert.throws(() => fixedLimiter({ ...infiniteLimits, service: new Map([['s', { ...infiniteLimits.system, fd: -1 }]]) }), error => LimitConfigError.is(error) && error.path === 'service["s"].fd')
  })
})
