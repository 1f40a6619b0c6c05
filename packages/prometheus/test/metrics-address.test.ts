import assert from 'node:assert/strict'
import { InvalidMetricsAddressError, parseMetricsAddress } from '../src/index.ts'

describe('parseMetricsAddress', () => {
  for (const [text, host, port] of [
    ['9090', '127.0.0.1', 9_090],
    [':0', '127.0.0.1', 0],
    ['127.0.0.2:1', '127.0.0.2', 1],
    ['localhost:65535', 'localhost', 65_535],
    ['[::1]:9090', '::1', 9_090],
    ['0.0.0.0:9090', '0.0.0.0', 9_090]
  ] as const) {
    it(`takes ${text}`, () => { assert.deepEqual(parseMetricsAddress(text), { host, port }) })
  }

  for (const text of ['', 'localhost', '65536', '::1:9090', '127.0.0.1:', 'http://localhost:9090', '1:2:3', '-1', '[::1]', 'a b:1']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseMetricsAddress(text), (error: unknown) => InvalidMetricsAddressError.is(error) && error.address === text)
    })
  }
})
