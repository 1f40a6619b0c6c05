import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import { leakCheck, ManualClock, turn, until } from '@weir/compliance'
import { TcpAddressError, TcpDialError, TcpTimeoutError } from '../src/index.ts'
import { ANY_PORT, dial, hear, listening, portOf, type RawConn, rawUpgrader, transportOf } from './tcp-pair.ts'

/** Documentation addresses go nowhere, so that connecting lasts, or are refused by the network at once, as in a container. */
const NOWHERE = multiaddr('/ip4/192.0.2.1/tcp/9')

describe('dialling', () => {
  let leaks: ReturnType<typeof leakCheck>
  beforeEach(() => { leaks = leakCheck() })
  afterEach(async () => { await leaks.assertNone() })

  it('gives the upgrader a connection that knows both its ends, and its answer back', async () => {
    await using server = await listening()
    const conn = await dial(server.addr)
    await until(() => server.accepted.length === 1, 'accepted')
    const [there] = server.accepted
    assert.equal(conn.direction, 'outbound')
    assert.equal(conn.remoteAddr.toString(), server.addr.toString())
    assert.equal(there?.direction, 'inbound')
    assert.equal(there?.localMultiaddr.toString(), server.addr.toString())
    assert.equal(there?.remoteAddr.toString(), conn.localMultiaddr.toString())
    conn.abort(new Error('done'))
  })

  it('over IPv6 and by name too', async () => {
    const server = await listening({}, multiaddr('/ip6/::1/tcp/0')).catch(() => undefined)
    if (server === undefined) return // this machine has no IPv6
    await using owned = server
    const conn = await dial(owned.addr)
    assert.match(conn.localMultiaddr.toString(), /^\/ip6\/::1\/tcp\/\d+$/)
    conn.abort(new Error('done'))
    await using four = await listening()
    const named = await dial(multiaddr(`/dns/localhost/tcp/${portOf(four.addr)}`))
    assert.match(named.remoteAddr.toString(), /^\/dns\/localhost/)
    named.abort(new Error('done'))
  })

  it('says which address did not work, and why', async () => {
    const server = await listening()
    await server[Symbol.asyncDispose]()
    await assert.rejects(dial(server.addr), (error: unknown) => TcpDialError.is(error) && error.addr === server.addr && (error.cause as NodeJS.ErrnoException).code === 'ECONNREFUSED')
    await assert.rejects(dial(multiaddr(`/dns4/localhost/tcp/${portOf(server.addr)}`)), TcpDialError)
    await assert.rejects(dial(multiaddr('/unix/%2Ftmp%2Fx')), TcpAddressError)
  })

  it('lists what became of every address of a name', () => {
    const cause = new AggregateError([new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 127.0.0.1:1')])
    assert.match(new TcpDialError(multiaddr('/dns/localhost/tcp/1'), { cause }).message, /::1:1, connect ECONNREFUSED 127/)
    assert.match(new TcpDialError(multiaddr('/dns/localhost/tcp/1'), { cause: 'a text' }).message, /a text/)
  })

  it('ends with its deadline, and keeps neither socket nor timer', async () => {
    const clock = new ManualClock()
    const dialled = dial(NOWHERE, { clock })
    const outcome = assert.rejects(dialled, (error: unknown) => TcpDialError.is(error) && (TcpTimeoutError.is(error.cause) ? error.cause.what === 'connecting' && error.cause.afterMs === 5_000 : (error.cause as NodeJS.ErrnoException).code !== undefined))
    clock.advance(5_000)
    await outcome
    assert.equal(clock.pendingTimers, 0)
  })

  it('ends with its signal, before, while and after connecting', async () => {
    const reason = new Error('changed my mind')
    const clock = new ManualClock()
    await assert.rejects(dial(NOWHERE, { signal: AbortSignal.abort(reason), clock }), reason)
    await using server = await listening()
    const controller = new AbortController()
    const dialled = dial(server.addr, { signal: controller.signal, clock })
    controller.abort(reason)
    await assert.rejects(dialled, reason)
    assert.equal(clock.pendingTimers, 0)
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0)
    const late = new AbortController()
    const conn = await dial(server.addr, { signal: late.signal })
    late.abort(reason)
    assert.equal(conn.status, 'open', 'from then on the upgrader decides')
    conn.abort(reason)
  })

  it('resets the connection when the upgrader fails, whatever it throws', async () => {
    for (const thrown of [new Error('no'), 'no']) {
      await using server = await listening()
      let raw: RawConn | undefined
      const upgrader = { ...rawUpgrader(), upgradeOutbound: async (conn: unknown) => { raw = conn as RawConn; throw thrown } }
      await assert.rejects(transportOf().dial(server.addr, { signal: new AbortController().signal, upgrader }), (error: unknown) => error === thrown)
      assert.equal(raw?.status, 'aborted')
      await until(() => server.accepted.length === 1, 'accepted')
      assert.match(String(await hear(server.accepted[0] as RawConn).closed), /ECONNRESET/)
    }
  })

  it('hands the signal and the other options on', async () => {
    await using server = await listening()
    const { signal } = new AbortController()
    let given: object | undefined
    const upgrader = { ...rawUpgrader(), upgradeOutbound: async (conn: unknown, options: object) => { given = options; return conn as never } }
    const conn = await transportOf().dial(server.addr, { signal, upgrader, initiator: false } as never) as unknown as RawConn
    assert.deepEqual(given, { signal, initiator: false })
    conn.abort(new Error('done'))
  })

  it('survives a remote that resets in the turn of connecting', async () => {
    const server = createServer((socket: Socket) => { socket.resetAndDestroy() })
    await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
    const addr = multiaddr(`/ip4/127.0.0.1/tcp/${(server.address() as { port: number }).port}`)
    for (let i = 0; i < 50; i++) {
      const conn = await dial(addr).catch(() => undefined)
      if (conn !== undefined) assert.ok(await hear(conn).closed)
    }
    server.close()
    await turn()
  })

  it('filters what it can dial and what it can listen on', () => {
    const addrs = ['/ip4/127.0.0.1/tcp/1', '/dns4/localhost/tcp/1', '/ip4/127.0.0.1/udp/1'].map(text => multiaddr(text))
    assert.deepEqual(transportOf().dialFilter(addrs).map(String), ['/ip4/127.0.0.1/tcp/1', '/dns4/localhost/tcp/1'])
    assert.deepEqual(transportOf().listenFilter(addrs).map(String), ['/ip4/127.0.0.1/tcp/1'])
    assert.ok(transportOf().listenFilter([ANY_PORT]).length === 1)
  })
})
