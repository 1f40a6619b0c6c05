import assert from 'node:assert/strict'
import { ReservationPriority, ResourceLimitExceededError, type ResourceManager, type ResourceScope } from '@weir/network'
import { sampleAddr } from '../sample-addr.ts'
import { samplePeer } from '../sample-peer.ts'
import { assertStat } from './assert-stat.ts'
import { enforcedCase, type ManagerCase } from './manager-case.ts'

const peer = samplePeer(1)

// Odd and even, small and large; up to 2 ** 44 the product with 256 is exact.
const LIMITS = [0, 1, 2, 255, 256, 1_000, 4_096, 16_777_215, 2 ** 40 + 1]
const PRIORITIES = [0, 1, ...Object.values(ReservationPriority), 254]

const NO_BYTES = [Number.NaN, -1, 0.5, 2 ** 53, Infinity, -Infinity]
const NO_PRIORITIES = [Number.NaN, -1, 256, 0.5, Infinity]

function eachScope (manager: ResourceManager, run: (scope: ResourceScope, name: string) => void): void {
  using conn = manager.openConnection('inbound', false, sampleAddr(1))
  using stream = manager.openStream(peer, 'inbound')
  stream.setProtocol('/a/1')
  using span = stream.beginSpan()
  run(conn, 'connection')
  run(stream, 'stream')
  run(span, 'span')
  manager.viewPeer(peer, scope => { run(scope, 'peer') })
  manager.viewProtocol('/a/1', scope => { run(scope, 'protocol') })
  manager.viewService('service', scope => { run(scope, 'service') })
  manager.viewTransient(scope => { run(scope, 'transient') })
  manager.viewSystem(scope => { run(scope, 'system') })
}

/** Numbers: the border that a priority may go to, and those that are none. */
export const arithmeticCases: readonly ManagerCase[] = [
  ...LIMITS.map(memoryBytes => enforcedCase(`of ${memoryBytes} bytes, a priority may use up (1 + priority) / 256, rounded down, and not a byte more`, { system: { memoryBytes } }, manager => {
    for (const priority of PRIORITIES) {
      const border = Math.floor((1 + priority) * memoryBytes / 256)
      using conn = manager.openConnection('inbound', false, sampleAddr(1))
      assert.throws(() => { conn.reserveMemory(border + 1, priority) }, (error: unknown) => {
        return ResourceLimitExceededError.is(error) && error.where === 'local' && error.limit === memoryBytes && error.priority === priority
      }, `priority ${priority}: ${border + 1} in one piece`)
      conn.reserveMemory(border, priority)
      assert.throws(() => { conn.reserveMemory(1, priority) }, ResourceLimitExceededError.is, `priority ${priority}: one on top of ${border}`)
      conn.reserveMemory(0, priority)
      assertStat(conn, { numConnsInbound: 1, memoryBytes: border }, `priority ${priority}`)
    }
  })),
  enforcedCase('a low priority is refused where a high one still passes', { system: { memoryBytes: 1_000 } }, manager => {
    using conn = manager.openConnection('inbound', false, sampleAddr(1))
    conn.reserveMemory(500, ReservationPriority.medium)
    assert.throws(() => { conn.reserveMemory(1, ReservationPriority.low) }, ResourceLimitExceededError.is)
    conn.reserveMemory(100, ReservationPriority.high)
    conn.reserveMemory(400, ReservationPriority.always)
  }),
  enforcedCase('where no limit is, every amount and every priority passes', {}, manager => {
    using conn = manager.openConnection('inbound', false, sampleAddr(1))
    conn.reserveMemory(2 ** 50, 0)
    conn.reserveMemory(1, 0)
    assertStat(conn, { numConnsInbound: 1, memoryBytes: 2 ** 50 + 1 }, 'connection')
  }),
  ...NO_BYTES.map(bytes => enforcedCase(`reserving ${bytes} bytes is a RangeError and changes nothing`, {}, manager => {
    eachScope(manager, (scope, name) => {
      scope.reserveMemory(10, 255)
      const before = { ...scope.stat() }
      assert.throws(() => { scope.reserveMemory(bytes, 255) }, RangeError, name)
      assert.deepEqual({ ...scope.stat() }, before, name)
      scope.releaseMemory(10)
    })
  })),
  ...NO_PRIORITIES.map(priority => enforcedCase(`reserving with priority ${priority} is a RangeError and changes nothing`, { system: { memoryBytes: 1_000 } }, manager => {
    eachScope(manager, (scope, name) => {
      const before = { ...scope.stat() }
      assert.throws(() => { scope.reserveMemory(1, priority) }, RangeError, name)
      assert.deepEqual({ ...scope.stat() }, before, name)
    })
  })),
  ...[Number.NaN, -1, 0.5, -Infinity].map(bytes => enforcedCase(`releasing ${bytes} bytes is a RangeError and changes nothing`, {}, manager => {
    eachScope(manager, (scope, name) => {
      scope.reserveMemory(10, 255)
      const before = { ...scope.stat() }
      assert.throws(() => { scope.releaseMemory(bytes) }, RangeError, name)
      assert.deepEqual({ ...scope.stat() }, before, name)
      scope.releaseMemory(10)
    })
  }))
]
