import assert from 'node:assert/strict'
import { RoundTrip } from '../src/round-trip.ts'

describe('RoundTrip', () => {
  it('is not known before it was measured, and is smoothed from then on', () => {
    const trip = new RoundTrip(1_000)
    assert.deepEqual([trip.rttMs, trip.isDue(0)], [0, true])
    trip.end(trip.begin(0), 40)
    assert.deepEqual([trip.rttMs, trip.isDue(999), trip.isDue(1_000)], [40, false, true])
    trip.end(trip.begin(1_000), 1_020)
    assert.equal(trip.rttMs, 30)
  })

  it('counts an answer once, and only to the last question', () => {
    const trip = new RoundTrip(1_000)
    trip.end(0, 5)
    const first = trip.begin(0)
    const second = trip.begin(1_000)
    trip.end(first, 1_001)
    assert.equal(trip.rttMs, 0)
    trip.end(second, 1_010)
    trip.end(second, 1_500)
    assert.equal(trip.rttMs, 10)
  })
})
