import assert from 'node:assert/strict'
import { ConnectionWriteTimeoutError, KeepAliveTimeoutError, StreamsExhaustedError } from '../src/index.ts'

describe('errors', () => {
  it('have a code, their data and a cause, and know their own', () => {
    const cause = new Error('why')
    const timeouts = [new KeepAliveTimeoutError(5, { cause }), new ConnectionWriteTimeoutError(5, { cause })]
    assert.deepEqual(timeouts.map(({ code, timeoutMs, cause }) => [code, timeoutMs, (cause as Error).message]), [['KEEP_ALIVE_TIMEOUT', 5, 'why'], ['CONNECTION_WRITE_TIMEOUT', 5, 'why']])
    const exhausted = new StreamsExhaustedError({ cause })
    assert.deepEqual([exhausted.code, exhausted.cause], ['STREAMS_EXHAUSTED', cause])
    for (const is of [KeepAliveTimeoutError.is, ConnectionWriteTimeoutError.is, StreamsExhaustedError.is]) assert.equal([...timeouts, exhausted].filter(is).length, 1)
  })
})
