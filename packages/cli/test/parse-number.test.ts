import assert from 'node:assert/strict'
import { parseBytes, parseCount, parseRate } from '../src/parse-number.ts'

describe('number of bytes argument', () => {
  it('is a whole number with a unit or none', () => {
    const cases: Array<[string, number]> = [['0', 0], ['1', 1], ['1048576', 1_048_576], ['512KiB', 524_288], ['10 MiB', 10_485_760], ['2gib', 2_147_483_648]]
    for (const [text, bytes] of cases) assert.equal(parseBytes(text), bytes)
  })

  it('is refused otherwise', () => {
    for (const text of ['', '-1', '1.5', '1e3', 'x', '10MB', '0x10', '9007199254740992', '99999999999GiB', 'MiB', '1 1']) assert.throws(() => parseBytes(text), { code: 'commander.invalidArgument' }, text)
  })
})

describe('rate argument', () => {
  it('is a number of bytes above zero', () => {
    assert.equal(parseRate('512KiB'), 524_288)
    for (const text of ['', '0', '0KiB', 'x']) assert.throws(() => parseRate(text), { code: 'commander.invalidArgument' }, text)
  })
})

describe('count argument', () => {
  it('is a whole number above zero', () => {
    assert.equal(parseCount('1'), 1)
    assert.equal(parseCount('100'), 100)
    for (const text of ['', '0', '-1', '1.5', 'x', '1e3', '99999999999999999999']) assert.throws(() => parseCount(text), { code: 'commander.invalidArgument' }, text)
  })
})
