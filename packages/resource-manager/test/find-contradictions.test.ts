import assert from 'node:assert/strict'
import { buildLimits } from '../src/build-limits.ts'
import { findContradictions, type MachineSize } from '../src/find-contradictions.ts'
import { infiniteLimits } from '../src/infinite-limits.ts'
import type { PartialLimits } from '../src/partial-limits.ts'
import type { PlanPart } from '../src/plan-part.ts'
import { scaleLimits } from '../src/scale-limits.ts'
import { trimmer, WIRE } from './sample-parts.ts'

const defaults = scaleLimits({ memoryBytes: 2 ** 30, numFd: 1_024 })

function found (written: PartialLimits, parts: readonly PlanPart[] = [], machine: MachineSize = {}): string[] {
  return findContradictions(buildLimits(written, defaults), parts, machine).map(({ rule, path }) => `${rule} ${path}`)
}

describe('findContradictions', () => {
  it('finds none in the defaults and none without limits', () => {
    assert.deepEqual(found({}, [WIRE, trimmer({ lowWater: 86, highWater: 108 })]), [])
    assert.deepEqual(findContradictions(infiniteLimits, [WIRE, trimmer({ lowWater: 153, highWater: 192 })], { machineMemoryBytes: 1, machineNumFd: 1 }), [])
  })

  describe('watermarks', () => {
    it('above the connections, the inbound ones, or the file descriptors: refused before any is trimmed', () => {
      assert.deepEqual(found({}, [trimmer({ lowWater: 1, highWater: 241 })]), ['watermark-above-limit System.Conns', 'watermark-above-limit System.ConnsInbound'])
      assert.deepEqual(found({}, [trimmer({ lowWater: 1, highWater: 121 })]), ['watermark-above-limit System.ConnsInbound'])
      assert.deepEqual(found({ System: { FD: 50 } }, [trimmer({ lowWater: 1, highWater: 51 })]), ['watermark-above-limit System.FD'])
    })

    it('at a limit, and above one that blocks everything', () => {
      assert.deepEqual(found({}, [trimmer({ lowWater: 1, highWater: 120 })]), [])
      assert.deepEqual(found({ System: { ConnsInbound: 0 } }, [trimmer({ lowWater: 1, highWater: 121 })]), [])
    })

    it('the wrong way round', () => {
      assert.deepEqual(found({}, [trimmer({ lowWater: 11, highWater: 10 })]), ['low-above-high lowWater'])
    })

    it('carries the numbers and a sentence', () => {
      assert.deepEqual(findContradictions(defaults, [trimmer({ lowWater: 1, highWater: 121 })], {}), [{
        rule: 'watermark-above-limit',
        part: 'trimmer',
        path: 'System.ConnsInbound',
        limit: 120,
        demanded: 121,
        message: 'connections are trimmed from 121 on (trimmer), and System.ConnsInbound refuses them above 120 already'
      }])
    })
  })

  describe('needs', () => {
    it('limits smaller than one handshake', () => {
      assert.deepEqual(found({ Conn: { Memory: 131_071 } }, [WIRE]), ['below-need Conn.Memory'])
      assert.deepEqual(found({ Transient: { Memory: 0 } }, [WIRE]), ['below-need Transient.Memory'])
    })

    it('limits smaller than one stream', () => {
      assert.deepEqual(found({ PeerDefault: { Memory: 262_143 } }, [WIRE]), ['below-need PeerDefault.Memory'])
    })

    it('of what nobody can open', () => {
      assert.deepEqual(found({ System: { Conns: 0 }, Conn: { Memory: 1 } }, [WIRE]), [])
      assert.deepEqual(found({ System: { Streams: 0, Memory: 200_000 }, PeerDefault: { Memory: 1 } }, [WIRE]), [])
    })

    it('says who needs what', () => {
      assert.match(findContradictions(buildLimits({ Conn: { Memory: 5 } }, defaults), [WIRE], {})[0]?.message ?? '', /^Conn\.Memory is 5, and one Noise handshake takes 131072 \(wire\)$/)
    })
  })

  describe('ways', () => {
    it('that let none through to where some are let in', () => {
      assert.deepEqual(found({ Transient: { ConnsInbound: 0 } }), ['blocked-on-the-way Transient.ConnsInbound'])
      assert.deepEqual(found({ PeerDefault: { Conns: 0 } }), ['blocked-on-the-way PeerDefault.Conns'])
      assert.deepEqual(found({ Conn: { FD: 0 } }), ['blocked-on-the-way Conn.FD'])
      assert.deepEqual(found({ Stream: { Streams: 0 } }), ['blocked-on-the-way Stream.Streams'])
    })

    it('that the system blocks already, or that some names may go', () => {
      assert.deepEqual(found({ System: { ConnsInbound: 0 }, Transient: { ConnsInbound: 0 } }), [])
      assert.deepEqual(found({ System: { Conns: 0 }, Transient: { Conns: 0, ConnsInbound: 0 } }), [])
      assert.deepEqual(found({ System: { Streams: 0 }, Stream: { StreamsInbound: 0 } }), [])
      assert.deepEqual(found({ PeerDefault: { Conns: 0 }, Peer: { QmA: { Conns: 1 } } }), [])
      assert.deepEqual(found({ ProtocolDefault: { Streams: 0 }, ProtocolPeerDefault: { StreamsOutbound: 0 } }), []) // identify and ping have limits of their own
    })
  })

  describe('the machine', () => {
    it('has less than the worst case takes', () => {
      assert.deepEqual(found({}, [], { machineMemoryBytes: 2 ** 30 - 1 }), ['above-machine System.Memory'])
      assert.deepEqual(found({}, [WIRE], { machineMemoryBytes: 2 ** 30 }), ['above-machine System.Memory'])
      assert.deepEqual(found({}, [WIRE], { machineNumFd: 1_027 }), ['above-machine System.FD'])
    })

    it('has enough, or is not known, or the limits say that they do not care', () => {
      assert.deepEqual(found({}, [], { machineMemoryBytes: 2 ** 30, machineNumFd: 1_024 }), [])
      assert.deepEqual(found({}, [WIRE], { machineNumFd: 0 }), [])
      assert.deepEqual(found({ System: { Memory: 'unlimited', FD: 'unlimited' } }, [], { machineMemoryBytes: 1, machineNumFd: 1 }), [])
    })
  })
})
