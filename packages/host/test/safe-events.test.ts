import assert from 'node:assert/strict'
import type { Logger, PeerId } from '@libp2p/interface'
import { nullLogger } from '@weir/adapters'
import { turn } from '@weir/compliance'
import { SafeEvents } from '../src/safe-events.ts'
import { anyPeer } from './fake-conn.ts'

const peer = await anyPeer()

function logged (): { log: Logger, errors: unknown[] } {
  const errors: unknown[] = []
  return { errors, log: Object.assign(() => {}, nullLogger.forComponent('test'), { error: (_text: string, error: unknown) => { errors.push(error) } }) as unknown as Logger }
}

describe('SafeEvents', () => {
  it('calls listeners, of both kinds, until they are removed', () => {
    const { log } = logged()
    const events = new SafeEvents(log)
    const heard: string[] = []
    const listener = ({ detail }: CustomEvent<PeerId>): void => { heard.push(`function ${detail}`) }
    const object = { handleEvent: ({ detail }: CustomEvent<PeerId>) => { heard.push(`object ${detail}`) } }
    events.addEventListener('peer:connect', listener)
    events.addEventListener('peer:connect', listener)
    events.addEventListener('peer:connect', object)
    events.addEventListener('peer:connect', null)
    assert.equal(events.listenerCount('peer:connect'), 2)
    events.safeDispatchEvent('peer:connect', { detail: peer })
    assert.deepEqual(heard, [`function ${peer}`, `object ${peer}`])
    events.removeEventListener('peer:connect', listener)
    events.removeEventListener('peer:connect', object)
    events.removeEventListener('peer:connect', null)
    assert.equal(events.listenerCount('peer:connect'), 0)
  })

  it('honours once and signal', () => {
    const { log } = logged()
    const events = new SafeEvents(log)
    let once = 0
    let signalled = 0
    const stop = new AbortController()
    events.addEventListener('peer:connect', () => { once++ }, { once: true })
    events.addEventListener('peer:connect', () => { signalled++ }, { signal: stop.signal })
    events.safeDispatchEvent('peer:connect', { detail: peer })
    stop.abort()
    events.safeDispatchEvent('peer:connect', { detail: peer })
    assert.deepEqual([once, signalled], [1, 1])
    assert.equal(events.listenerCount('peer:connect'), 0)
  })

  it('logs what a listener throws, at once or later, and calls the others', async () => {
    const { log, errors } = logged()
    const events = new SafeEvents(log)
    let called = false
    events.addEventListener('peer:connect', () => { throw new Error('now') })
    events.addEventListener('peer:connect', (async () => { await turn(); throw new Error('later') }) as () => void)
    events.addEventListener('peer:connect', () => { called = true })
    events.safeDispatchEvent('peer:connect', { detail: peer })
    await turn()
    await turn()
    assert.equal(called, true)
    assert.deepEqual(errors.map(error => (error as Error).message), ['now', 'later'])
  })
})
