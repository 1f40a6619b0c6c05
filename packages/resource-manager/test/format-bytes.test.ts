import assert from 'node:assert/strict'
import { formatBytes } from '../src/format-bytes.ts'

describe('formatBytes', () => {
  const cases: Array<[number, string]> = [
    [0, '0 B'], [1, '1 B'], [1_023, '1023 B'], [1_024, '1 KiB'], [1_536, '1.5 KiB'], [65_536, '64 KiB'], [2 ** 20, '1 MiB'], [8_724_152_320, '8.1 GiB'], [2 ** 40, '1 TiB'],
    [2 ** 52, '4096 TiB'], [Infinity, 'unlimited']
  ]
  for (const [bytes, text] of cases) {
    it(`writes ${bytes} as ${text}`, () => {
      assert.equal(formatBytes(bytes), text)
    })
  }
})
