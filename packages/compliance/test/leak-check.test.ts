import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import { nullResourceManager, ZERO_SCOPE_STAT } from '@weir/network'
import { assertScopesAtRest, leakCheck, openHandles } from '../src/index.ts'

describe('leakCheck', () => {
  let server: Server

  beforeEach(() => { server = createServer() })
  afterEach(() => { server.close() })

  async function listen (): Promise<void> {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }

  it('sees a server that was left, and waits for one that is being closed', async () => {
    const check = leakCheck()
    assert.deepEqual(check.leaks(), [])
    await listen()
    assert.deepEqual(check.leaks(), ['TCPServerWrap x1'])
    assert.equal(openHandles().get('TCPServerWrap'), 1)
    assert.deepEqual(leakCheck().leaks(), [], 'what was there before is none')
    server.close()
    await check.assertNone()
  })

  it('gives up when the grace is over', async () => {
    const check = leakCheck({ graceMs: 1 })
    await listen()
    await assert.rejects(check.assertNone(), { name: 'AssertionError', message: /something is left open/ })
  })

  it('looks away where it is told', async () => {
    const check = leakCheck({ graceMs: 1, ignore: ['TCPServerWrap', 'Timeout'] })
    await listen()
    await check.assertNone()
  })
})

describe('assertScopesAtRest', () => {
  it('passes for a manager at rest', () => {
    nullResourceManager.openConnection('inbound', true, multiaddr('/ip4/192.0.2.1/tcp/1')).done()
    assertScopesAtRest(nullResourceManager)
  })

  it('shows what is left', () => {
    const scope = { reserveMemory () {}, releaseMemory () {}, stat: () => ({ ...ZERO_SCOPE_STAT, numFD: 1 }), beginSpan: () => assert.fail() }
    assert.throws(() => { assertScopesAtRest({ ...nullResourceManager, viewSystem: fn => fn(scope) }) }, /left in the system scope/)
    assert.throws(() => { assertScopesAtRest({ ...nullResourceManager, viewTransient: fn => fn(scope) }) }, /left in the transient scope/)
  })
})
