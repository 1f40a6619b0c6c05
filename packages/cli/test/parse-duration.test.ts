import assert from 'node:assert/strict'
import { parseDuration } from '../src/parse-duration.ts'

describe('duration argument', () => {
  it('is a whole number with a unit', () => {
    for (const [text, ms] of [['30s', 30_000], ['15m', 900_000], ['24h', 86_400_000], ['7d', 604_800_000]] as const) assert.equal(parseDuration(text), ms)
  })

  it('is refused otherwise', () => {
    for (const text of ['', '0s', '1', 's', '1.5h', '-1h', '1w', '1 h', '1H', '99999999999d']) assert.throws(() => parseDuration(text), { code: 'commander.invalidArgument' }, text)
  })
})
