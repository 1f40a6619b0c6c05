import assert from 'node:assert/strict'
import { turn } from '@weir/compliance'

/** Catches what would end the process, for as long as it is not disposed; disposing fails when there was anything. */
export function nothingUnhandled (): AsyncDisposable {
  const caught: unknown[] = []
  const listener = (error: unknown): void => { caught.push(error) }
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const before = events.map(event => process.listeners(event as 'uncaughtException'))
  for (const event of events) {
    process.removeAllListeners(event)
    process.on(event, listener)
  }
  return {
    async [Symbol.asyncDispose] () {
      await turn()
      events.forEach((event, i) => {
        process.removeAllListeners(event)
        for (const original of before[i] ?? []) process.on(event as 'uncaughtException', original)
      })
      assert.deepEqual(caught, [], 'something was thrown out of band')
    }
  }
}
