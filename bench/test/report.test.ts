import assert from 'node:assert/strict'
import { reportLine, table } from '../src/report.ts'

const MORE = { name: 'streams', unit: 'streams/s', better: 'more', goals: { js: 4 } } as const
const LESS = { name: 'memory', unit: 'bytes', better: 'less', goals: { js: 0.5 } } as const

describe('report', () => {
  it('takes the best round of each, and says how many times as good weir is', () => {
    const line = reportLine({ figure: MORE, rounds: { weir: [300, 400], js: [100, 50], limits: [500, 800] } })
    assert.deepEqual(line.best, { weir: 400, js: 100, limits: 800 })
    assert.equal(line.toJs, 4)
    assert.equal(line.toLimits, 0.5)
  })

  it('turns the ratio round where less is better', () => {
    const line = reportLine({ figure: LESS, rounds: { weir: [10, 20], js: [40, 30], limits: [5, 5] } })
    assert.deepEqual(line.best, { weir: 10, js: 30, limits: 5 })
    assert.equal(line.toJs, 3)
    assert.equal(line.toLimits, 0.5)
  })

  it('leaves open what was not measured', () => {
    const line = reportLine({ figure: MORE, rounds: { weir: [300], js: [], limits: [] } })
    assert.deepEqual([line.toJs, line.toLimits], [undefined, undefined])
    assert.match(table([line]), /streams +300 streams\/s +- +- +- +- +4x js/)
  })
})
