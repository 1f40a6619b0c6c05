import assert from 'node:assert/strict'
import { nullLogger } from '@weir/adapters'
import { ServiceStartError } from '../src/errors.ts'
import { startServices, stopServices } from '../src/service-lifecycle.ts'

const log = nullLogger.forComponent('test')
const PHASES = ['beforeStart', 'start', 'afterStart', 'beforeStop', 'stop', 'afterStop']

function recorder (calls: string[], name: string): object {
  return Object.fromEntries(PHASES.map(phase => [phase, async () => { calls.push(`${name}.${phase}`) }]))
}

describe('service lifecycle', () => {
  it('starts phase by phase in order, and stops in reverse', async () => {
    const calls: string[] = []
    const services = { a: recorder(calls, 'a'), plain: 5, none: undefined, b: recorder(calls, 'b') }
    await startServices(services)
    assert.deepEqual(calls, ['a.beforeStart', 'b.beforeStart', 'a.start', 'b.start', 'a.afterStart', 'b.afterStart'])
    calls.length = 0
    await stopServices(services, log)
    assert.deepEqual(calls, ['b.beforeStop', 'a.beforeStop', 'b.stop', 'a.stop', 'b.afterStop', 'a.afterStop'])
  })

  it('names the service that does not start, and keeps the cause', async () => {
    const cause = new Error('no')
    await assert.rejects(startServices({ a: {}, bad: { start () { throw cause } } }), (error: unknown) => ServiceStartError.is(error) && error.service === 'bad' && error.cause === cause)
  })

  it('stops all, also when one fails', async () => {
    const calls: string[] = []
    await stopServices({ a: recorder(calls, 'a'), bad: { async stop () { throw new Error('no') } } }, log)
    assert.deepEqual(calls, ['a.beforeStop', 'a.stop', 'a.afterStop'])
  })
})
