import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { recordingResourceManager } from '@weir/compliance'
import { nullResourceManager, type ResourceManager } from '@weir/network'
import { ROWS } from '../src/rows.ts'
import { type Cycle, recordScripts } from '../tax/record.ts'
import { Replay } from '../tax/replay.ts'
import { taxLine, taxTable } from '../tax/report.ts'
import { TAX_ROWS } from '../tax/rows.ts'
import { ScriptRecorder } from '../tax/script.ts'
import { sideTax } from '../tax/side-tax.ts'

const ENDPOINT = multiaddr('/ip4/192.0.2.1/tcp/4001')
const PEER = { type: 'test', toString: () => 'alice' }

/** Every call that a script can have. */
function everything (manager: ResourceManager): void {
  using conn = manager.openConnection('inbound', true, ENDPOINT)
  const peerScope = conn.setPeer(PEER)
  using window = peerScope.beginSpan()
  window.reserveMemory(100, 255)
  peerScope.reserveMemory(7, 101)
  using stream = manager.openStream(PEER, 'outbound')
  stream.setProtocol('/a/1')
  stream.setService('service')
  using span = stream.beginSpan()
  span.reserveMemory(5, 0)
  window.releaseMemory(100)
  peerScope.releaseMemory(7)
}

describe('tax', () => {
  it('makes the same calls again, in their order, as often as it is told to', async () => {
    const first = recordingResourceManager()
    const recorder = new ScriptRecorder(first)
    everything(recorder.manager)
    const again = recordingResourceManager()
    const run = new Replay(again).prepare(recorder.take())
    run()
    assert.deepEqual(again.log, first.log)
    run()
    assert.deepEqual(again.log, [...first.log, ...first.log])
    again.assertAllEnded()
    assert.deepEqual(recorder.take(), [], 'what was taken is gone')
  })

  it('calls what was opened before', () => {
    const recorder = new ScriptRecorder(nullResourceManager)
    const conn = recorder.manager.openConnection('outbound', false, ENDPOINT)
    const before = recorder.take()
    conn.reserveMemory(3, 255)
    const cycle = recorder.take()
    const again = recordingResourceManager()
    const replay = new Replay(again)
    replay.prepare(before)()
    replay.prepare(cycle)()
    assert.deepEqual(again.log, ['openConnection outbound /ip4/192.0.2.1/tcp/4001', 'conn.reserveMemory 3 255'])
  })

  it('refuses a call that it does not know', () => {
    assert.throws(() => new Replay(nullResourceManager).prepare([{ method: 'guess', args: [], target: undefined, peer: undefined, opens: undefined }]), TypeError)
  })

  for (const [cycle, dialer, listener] of [
    ['stream', ['openStream', 'reserveMemory', 'setProtocol', 'releaseMemory', 'done'], ['openStream', 'reserveMemory', 'setProtocol', 'setService', 'releaseMemory', 'done']],
    ['connection', ['openConnection', 'setPeer', 'beginSpan', 'done', 'done'], ['openConnection', 'setPeer', 'beginSpan', 'done', 'done']]
  ] as ReadonlyArray<readonly [Cycle, readonly string[], readonly string[]]>) {
    it(`a ${cycle} is what both sides ask their managers for, and what is replayed gives all of it back`, async () => {
      const scripts = await recordScripts(cycle)
      for (const [side, methods] of [[scripts.dialer, dialer], [scripts.listener, listener]] as const) {
        const counts = new Map<string, number>()
        for (const { method } of side.cycles) counts.set(method, (counts.get(method) ?? 0) + 1 / scripts.numCycles)
        for (const method of new Set(methods)) assert.ok((counts.get(method) ?? 0) > 0.99, `${method} in each ${cycle}`)
        const manager = recordingResourceManager()
        const replay = new Replay(manager)
        replay.prepare(side.before)()
        const open = manager.leftOpen()
        replay.prepare(side.cycles)()
        assert.deepEqual(manager.leftOpen(), open)
        const { calls, ns } = await sideTax(side, scripts.numCycles, { rounds: 1, durationMs: 5 })
        assert.equal(calls, side.cycles.length / scripts.numCycles)
        assert.ok(ns > 0 && ns < Infinity)
      }
    }).timeout(20_000)
  }

  it('is of each row that has a cycle', () => {
    assert.deepEqual(TAX_ROWS.map(({ id }) => id), ROWS.map(({ id }) => id).filter(id => id !== 'memory'))
  })

  it('is the share of the cycle that the manager takes, on each side and on both', () => {
    const line = taxLine({ name: 'a stream', dialer: { calls: 5, ns: 1_000 }, listener: { calls: 6, ns: 2_000 }, cycleNs: 100_000 })
    assert.deepEqual([line.dialerRatio, line.listenerRatio, line.bothRatio], [0.01, 0.02, 0.03])
    assert.match(taxTable([line]), /a stream +5 +6 +1,000 +2,000 +100,000 +1\.00 % +2\.00 % +3\.00 % +3 %/)
  })
})
