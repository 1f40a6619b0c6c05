import assert from 'node:assert/strict'
import { countCalls } from '../scopes/count-calls.ts'
import { measure } from '../scopes/measure.ts'
import { scopeOptions } from '../scopes/options.ts'
import { type ScopeResult, scopeLine, scopeTable, unequalCalls } from '../scopes/report.ts'
import { rowsAt } from '../scopes/rows.ts'
import { Subject } from '../scopes/subject.ts'

const RESULT: ScopeResult = {
  row: { operation: 'conn', peers: 'one', live: 0 },
  calls: { mapCalls: 1, scopeVisits: 12 },
  weir: [{ ns: 200, cpuNs: 150, bytes: 90 }, { ns: 100, cpuNs: 200, bytes: 80 }],
  go: [{ ns: 400, cpuNs: 300, bytes: 70 }, { ns: 500, cpuNs: 600, bytes: 60 }]
}

describe('scopes', () => {
  describe('options', () => {
    it('takes rounds, live scopes and a file', () => {
      assert.deepEqual(scopeOptions(['--quick', '--rounds', '3', '--live', '0,10', '--operations', 'conn,span', '--json', 'x']), { rounds: 3, durationMs: 100, live: [0, 10], operations: ['conn', 'span'], json: 'x' })
      assert.deepEqual(scopeOptions([]).live, [0, 1_000, 100_000])
    })

    it('refuses what it does not know', () => {
      assert.throws(() => scopeOptions(['--nonsense']), TypeError)
      assert.throws(() => scopeOptions(['--rounds', '0']), RangeError)
      assert.throws(() => scopeOptions(['--operations', 'conn,nonsense']), RangeError)
      for (const live of ['3', '-2', 'many', '']) assert.throws(() => scopeOptions([`--live=${live}x`]), RangeError)
    })
  })

  describe('report', () => {
    it('takes the best round of each figure, and says how many times as fast ours is', () => {
      const line = scopeLine(RESULT)
      assert.deepEqual(line.weir, { ns: 100, cpuNs: 150, bytes: 80 })
      assert.deepEqual([line.toGo, line.cpuToGo], [4, 2])
      assert.match(scopeTable([line]), /one +0 +100 +400 +4\.00x +150 +300 +2\.00x +80 +60 +1 +12/)
    })

    it('leaves open what Go was not there for', () => {
      const line = scopeLine({ ...RESULT, go: [] })
      assert.deepEqual([line.go, line.toGo, line.cpuToGo], [undefined, undefined, undefined])
      assert.match(scopeTable([line]), /one +0 +100 +- +- +150 +- +- +80 +- +1 +12/)
    })

    it('finds calls that depend on the live scopes', () => {
      const small = scopeLine(RESULT)
      const large = { ...small, live: 1_000 }
      assert.deepEqual(unequalCalls([small, large]), [])
      assert.deepEqual(unequalCalls([small, { ...large, scopeVisits: 13 }]), ['connection: open, setPeer, end, one: 1 and 12, 1 and 13'])
    })
  })

  describe('subject', () => {
    it('does every operation, gives back what it took, and all at the end', async () => {
      await using subject = new Subject(20)
      const stat = (): unknown => subject.manager.viewSystem(system => system.stat())
      const before = stat()
      assert.deepEqual(before, { numStreamsInbound: 1_011, numStreamsOutbound: 0, numConnsInbound: 11, numConnsOutbound: 0, numFD: 11, memoryBytes: 0 })
      for (const { operation, peers } of rowsAt(20)) {
        const run = subject.operation(operation, peers)
        for (let index = 0; index < 100; index++) run(index)
        assert.deepEqual(stat(), before, `${operation} ${peers}`)
      }
      await subject[Symbol.asyncDispose]()
      assert.deepEqual(stat(), { numStreamsInbound: 0, numStreamsOutbound: 0, numConnsInbound: 0, numConnsOutbound: 0, numFD: 0, memoryBytes: 0 })
    })

    it('has no live peers without live scopes', async () => {
      await using subject = new Subject(0)
      assert.throws(() => subject.operation('conn', 'live'), RangeError)
    })

    it('looks up and visits as much with any number of live scopes', async () => {
      const callsAt = async (live: number): Promise<unknown> => {
        await using subject = new Subject(live)
        subject.collect()
        const operation = subject.operation('stream', 'random')
        return countCalls(subject.manager.viewSystem(system => system), () => {
          for (let index = 0; index < 10; index++) operation(index)
          subject.collect()
        })
      }
      assert.deepEqual(await callsAt(2_000), await callsAt(0))
    })
  })

  it('counts only while it is told to, and the outermost calls only', async () => {
    await using subject = new Subject(0)
    const scope = subject.manager.viewSystem(system => system)
    const get = Map.prototype.get
    assert.deepEqual(countCalls(scope, () => { new Map().get(1) }), { mapCalls: 1, scopeVisits: 0 })
    assert.equal(Map.prototype.get, get)
    const { scopeVisits } = countCalls(scope, () => { subject.operation('reserve', 'one')(0) })
    assert.ok(scopeVisits > 0)
    assert.throws(() => countCalls({}, () => {}), TypeError)
  })

  it('measures for about as long as it is told to', () => {
    let runs = 0
    const { ns, cpuNs } = measure(() => { runs++ }, 20)
    assert.ok(runs >= 512)
    assert.ok(ns > 0 && cpuNs >= 0 && ns < 20e6)
  })
})
