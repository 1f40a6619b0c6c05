import assert from 'node:assert/strict'
import { benchOptions } from '../src/options.ts'

describe('options', () => {
  it('measures everything by default', () => {
    const { rows, peers, rounds } = benchOptions([])
    assert.equal(rows.length, 6)
    assert.deepEqual(peers.map(({ id }) => id), ['weir', 'js', 'limits'])
    assert.equal(rounds, 5)
  })

  it('takes rows, peers and rounds', () => {
    const { rows, peers, rounds } = benchOptions(['--quick', '--rows', 'memory,stream-1', '--peers', 'js', '--rounds', '7'])
    assert.deepEqual(rows.map(({ id }) => id), ['stream-1', 'memory'])
    assert.deepEqual(peers.map(({ id }) => id), ['js'])
    assert.equal(rounds, 7)
  })

  it('refuses what it does not know', () => {
    assert.throws(() => benchOptions(['--rows', 'nonsense']), TypeError)
    assert.throws(() => benchOptions(['--nonsense']), TypeError)
    assert.throws(() => benchOptions(['--rounds', '0']), RangeError)
    assert.throws(() => benchOptions(['--rounds', 'many']), RangeError)
  })
})
