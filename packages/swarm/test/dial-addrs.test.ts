import assert from 'node:assert/strict'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { ManualClock } from '@weir/compliance'
import { ResourceLimitExceededError } from '@weir/network'
import { type DialAddrsInit, dialAddrs } from '../src/dial-addrs.ts'
import { DialError } from '../src/errors.ts'
import type { SwarmConn } from '../src/swarm-conn.ts'

const PEER = { type: 'test', toString: () => 'peer' }
const ADDRS = [1, 2, 3].map(port => multiaddr(`/ip4/127.0.0.1/tcp/${port}`))

/** A dial whose outcome the test decides, address by address. */
class Dials {
  readonly clock = new ManualClock()
  readonly abort = new AbortController()
  readonly started: string[] = []
  readonly aborted: string[] = []
  readonly established: unknown[] = []
  readonly #settled = new Set<string>()
  readonly #open = new Map<string, PromiseWithResolvers<SwarmConn>>()

  run (overrides: Partial<DialAddrsInit> = {}): Promise<SwarmConn> {
    return dialAddrs({
      peer: PEER,
      addrs: ADDRS,
      refused: [],
      ranker: addrs => addrs.map((addr, index) => ({ addr, delayMs: index * 100 })),
      clock: this.clock,
      maxParallel: 8,
      signal: this.abort.signal,
      dial: (addr, signal) => this.#dial(addr, signal),
      establish: conn => { this.established.push(conn) },
      ...overrides
    })
  }

  settle (port: number, outcome: SwarmConn | Error): void {
    const open = this.#open.get(`/ip4/127.0.0.1/tcp/${port}`)
    this.#settled.add(String(port))
    if (outcome instanceof Error) open?.reject(outcome)
    else open?.resolve(outcome)
  }

  #dial (addr: Multiaddr, signal: AbortSignal): Promise<SwarmConn> {
    const open = Promise.withResolvers<SwarmConn>()
    this.started.push(portOf(addr))
    signal.addEventListener('abort', () => {
      if (!this.#settled.has(portOf(addr))) this.aborted.push(portOf(addr))
      open.reject(signal.reason)
    })
    this.#open.set(addr.toString(), open)
    return open.promise
  }
}

const portOf = (addr: Multiaddr): string => addr.toString().split('/').at(-1) ?? ''
const turn = async (): Promise<void> => { await new Promise(resolve => setImmediate(resolve)) }

function conn (): SwarmConn & { aborted: boolean } {
  const fake = { aborted: false, abort () { fake.aborted = true } }
  return fake as never
}

describe('dialAddrs', () => {
  it('dials by rank, and aborts the others when one answers', async () => {
    const dials = new Dials()
    const dial = dials.run()
    assert.deepEqual(dials.started, ['1'])
    await dials.clock.advanceAsync(100)
    assert.deepEqual(dials.started, ['1', '2'])
    const winner = conn()
    dials.settle(2, winner)
    assert.equal(await dial, winner)
    assert.deepEqual(dials.aborted, ['1'])
    assert.deepEqual(dials.established, [winner])
    await dials.clock.advanceAsync(1_000)
    assert.deepEqual(dials.started, ['1', '2'], 'nothing is dialled after success')
    assert.equal(dials.clock.pendingTimers, 0)
  })

  it('tries the next at once when nothing else is under way', async () => {
    const dials = new Dials()
    const dial = dials.run()
    dials.settle(1, new Error('refused'))
    await turn()
    assert.deepEqual(dials.started, ['1', '2'])
    dials.settle(2, conn())
    await dial
  })

  describe('fault 19: attempts of one dial that fill the limit of their peer', () => {
    const full = (resource: 'connection' | 'memory'): Error => new ResourceLimitExceededError({ where: 'local', scope: { kind: 'peer', peer: PEER }, resource, current: 2, attempted: 1, limit: 2 })
    const atOnce: DialAddrsInit['ranker'] = addrs => addrs.map(addr => ({ addr, delayMs: 0 }))

    it('do not lose the address that found no room: it is tried when one of the others has ended', async () => {
      const dials = new Dials()
      const dial = dials.run({ ranker: atOnce })
      dials.settle(3, full('connection'))
      await turn()
      assert.deepEqual(dials.started, ['1', '2', '3'], 'not again while nothing has changed')
      dials.settle(1, new Error('nobody there'))
      await turn()
      assert.deepEqual(dials.started, ['1', '2', '3', '3'])
      const winner = conn()
      dials.settle(3, winner)
      assert.equal(await dial, winner)
      assert.deepEqual(dials.aborted, ['2'])
    })

    it('do not go on for ever: alone it is refused for good, as by any other limit', async () => {
      const dials = new Dials()
      const failed = assert.rejects(dials.run({ ranker: atOnce }), (error: unknown) => {
        assert(DialError.is(error))
        assert.deepEqual(error.failures.map(({ addr, cause }) => [portOf(addr), (cause as { code?: string }).code]), [['2', 'RESOURCE_LIMIT_EXCEEDED'], ['1', undefined], ['3', 'RESOURCE_LIMIT_EXCEEDED']])
        return true
      })
      dials.settle(2, full('memory'))
      dials.settle(3, full('connection'))
      await turn()
      dials.settle(1, new Error('nobody there'))
      await turn()
      dials.settle(3, full('connection'))
      await failed
      assert.deepEqual(dials.started, ['1', '2', '3', '3'])
    })
  })

  it('lists the cause of every address when all fail', async () => {
    const dials = new Dials()
    const dial = assert.rejects(dials.run({ refused: [{ addr: multiaddr('/ip4/127.0.0.1/tcp/9'), cause: new Error('gated') }] }), (error: unknown) => {
      assert(DialError.is(error))
      assert.deepEqual(error.failures.map(({ cause }) => (cause as Error).message), ['gated', 'no 1', 'no 2', 'no 3'])
      assert.match(error.message, /tcp\/2: no 2/)
      return true
    })
    for (const port of [1, 2, 3]) {
      dials.settle(port, new Error(`no ${port}`))
      await turn()
    }
    await dial
    assert.equal(dials.clock.pendingTimers, 0)
  })

  it('counts the failures that it does not list', async () => {
    const dials = new Dials()
    const refused = Array.from({ length: 20 }, (_, port) => ({ addr: multiaddr(`/ip4/127.0.0.1/tcp/${port}`), cause: 'x' }))
    await assert.rejects(dials.run({ addrs: [], refused }), (error: unknown) => DialError.is(error) && error.failures.length === 16 && error.skipped === 4)
  })

  it('names the addresses under way and those not tried when it is aborted', async () => {
    const dials = new Dials()
    const dial = dials.run()
    const reason = new Error('time is up')
    dials.abort.abort(reason)
    await assert.rejects(dial, (error: unknown) => {
      assert(DialError.is(error))
      assert.equal(error.cause, reason)
      assert.deepEqual(error.failures.map(({ addr, cause }) => [portOf(addr), cause]), [['1', reason], ['2', 'not tried yet'], ['3', 'not tried yet']])
      return true
    })
    assert.deepEqual(dials.aborted, ['1'])
    assert.equal(dials.clock.pendingTimers, 0)
  })

  it('dials no more at once than it may', async () => {
    const dials = new Dials()
    const dial = dials.run({ ranker: addrs => addrs.map(addr => ({ addr, delayMs: 0 })), maxParallel: 2 })
    assert.deepEqual(dials.started, ['1', '2'])
    dials.settle(1, new Error('refused'))
    await turn()
    assert.deepEqual(dials.started, ['1', '2', '3'])
    dials.settle(3, conn())
    await dial
  })

  it('ends a connection that comes second', async () => {
    const dials = new Dials()
    const dial = dials.run({ ranker: addrs => addrs.map(addr => ({ addr, delayMs: 0 })) })
    const [first, second] = [conn(), conn()]
    dials.settle(1, first)
    dials.settle(2, second)
    assert.equal(await dial, first)
    await turn()
    assert.equal(second.aborted, true)
    assert.deepEqual(dials.established, [first])
  })

  it('goes on with the next address when a connection is not taken in', async () => {
    const dials = new Dials()
    let taken = 0
    const dial = dials.run({ establish () { if (taken++ === 0) throw new Error('gated') } })
    dials.settle(1, conn())
    await turn()
    const second = conn()
    dials.settle(2, second)
    assert.equal(await dial, second)
  })
})
