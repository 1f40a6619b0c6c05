import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Upgrader } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { nullLogger } from '@weir/adapters'
import { leakCheck, turn, until, within } from '@weir/compliance'
import { TcpAddressError, TcpConnLostError, TcpListenerClosedError, TcpListenError } from '../src/index.ts'
import { tcpSettings } from '../src/tcp-init.ts'
import { TcpListener } from '../src/tcp-listener.ts'
import { addrOf, ANY_PORT, bytes, dial, hear, listening, portOf, type RawConn, rawUpgrader } from './tcp-pair.ts'

interface Watched {
  readonly listener: TcpListener
  readonly server: Server
  readonly events: string[]
}

/** A listener over a server that the test can break. */
function watched (upgrader: Upgrader = rawUpgrader()): Watched {
  const server = createServer({ pauseOnConnect: true })
  const listener = new TcpListener({ server, upgrader, settings: tcpSettings({}), log: nullLogger })
  const events: string[] = []
  for (const type of ['listening', 'error', 'close'] as const) {
    listener.addEventListener(type, event => { events.push(event instanceof CustomEvent ? `${type}: ${event.detail.message}` : type) })
  }
  return { listener, server, events }
}

describe('TcpListener', () => {
  let leaks: ReturnType<typeof leakCheck>
  beforeEach(() => { leaks = leakCheck() })
  afterEach(async () => { await leaks.assertNone() })

  describe('listen', () => {
    it('says that it listens, where, and ends without a trace', async () => {
      const { listener, events } = watched()
      assert.deepEqual(listener.getAddrs(), [])
      await listener.listen(ANY_PORT)
      assert.match(String(listener.getAddrs()), /^\/ip4\/127\.0\.0\.1\/tcp\/[1-9]\d*$/)
      listener.updateAnnounceAddrs()
      const closing = listener.close()
      assert.deepEqual(events, ['listening'], 'nobody hears of it within close')
      await closing
      assert.deepEqual(events, ['listening', 'close'])
      await listener.close()
      assert.deepEqual(listener.getAddrs(), [])
      assert.deepEqual(events, ['listening', 'close'])
    })

    it('on any interface, is at each of them', async () => {
      await using server = await listening({}, multiaddr('/ip4/0.0.0.0/tcp/0'))
      const ips = Object.values(networkInterfaces()).flatMap(addrs => addrs ?? []).filter(({ family, address }) => family === 'IPv4' && !address.startsWith('169.254.')).map(({ address }) => address)
      assert.deepEqual(server.listener.getAddrs().map(String).sort(), ips.map(ip => `/ip4/${ip}/tcp/${portOf(server.addr)}`).sort())
      const conn = await dial(server.addr)
      await until(() => server.accepted.length === 1, 'accepted')
      assert.equal(server.accepted[0]?.localMultiaddr.toString(), server.addr.toString(), 'the interface, not "any"')
      conn.abort(new Error('done'))
    })

    it('on any interface of both kinds, with one port', async () => {
      if (!Object.values(networkInterfaces()).some(addrs => addrs?.some(({ family }) => family === 'IPv6'))) return
      await using six = await listening({}, multiaddr('/ip6/::/tcp/0'))
      await using four = await listening({}, multiaddr(`/ip4/0.0.0.0/tcp/${portOf(six.addr)}`))
      assert.equal(portOf(four.addr), portOf(six.addr))
    })

    it('says what does not work, and can be asked again', async () => {
      await using taken = await listening()
      const { listener, events } = watched()
      await assert.rejects(listener.listen(taken.addr), (error: unknown) => TcpListenError.is(error) && error.addr === taken.addr && (error.cause as NodeJS.ErrnoException).code === 'EADDRINUSE')
      await assert.rejects(listener.listen(multiaddr('/ip4/192.0.2.1/tcp/0')), TcpListenError)
      await assert.rejects(listener.listen(multiaddr('/dns4/localhost/tcp/0')), TcpAddressError)
      await listener.listen(ANY_PORT)
      await assert.rejects(listener.listen(ANY_PORT), TypeError)
      await listener.close()
      await assert.rejects(listener.listen(ANY_PORT), TcpListenerClosedError)
      assert.deepEqual(events, ['listening', 'close'])
    })

    it('closed while it begins to listen, it does not', async () => {
      const { listener, server, events } = watched()
      const began = listener.listen(ANY_PORT)
      await listener.close()
      await assert.rejects(began, TcpListenerClosedError)
      assert.ok(!server.listening)
      assert.deepEqual(events, ['close'])
    })
  })

  describe('accepting', () => {
    it('hands over in the turn of the accept, before anything is read', async () => {
      const { promise, resolve } = Promise.withResolvers<object>()
      const { listener, server } = watched(rawUpgrader(conn => {
        resolve({ turn: turns, read: conn.readBufferLength })
        conn.abort(new Error('refused'))
      }))
      let turns = 0
      server.prependListener('connection', () => {
        turns++
        setImmediate(() => { turns++ })
      })
      await listener.listen(ANY_PORT)
      const socket = connect(portOf(addrOf(listener)), '127.0.0.1').on('error', () => {})
      socket.write('a flood of bytes')
      assert.deepEqual(await promise, { turn: 1, read: 0 })
      await listener.close()
      socket.destroy()
    })

    it('what the upgrader refuses is reset, whatever it throws and however', async () => {
      const ways: Upgrader['upgradeInbound'][] = [
        async () => { throw new Error('no') },
        async () => { await turn(); throw new Error('later no') },
        () => { throw new Error('no promise even') },
        async () => { throw 'a text' as unknown as Error }
      ]
      for (const upgradeInbound of ways) {
        let raw: RawConn | undefined
        const { listener } = watched({ ...rawUpgrader(), upgradeInbound: async (conn, options) => { raw = conn as RawConn; await upgradeInbound(conn, options) } })
        await listener.listen(ANY_PORT)
        const socket = connect(portOf(addrOf(listener)), '127.0.0.1')
        const [error] = await once(socket, 'error').catch((error: unknown) => [error])
        assert.equal(error.code, 'ECONNRESET')
        assert.equal(raw?.status, 'aborted')
        await listener.close()
      }
    })

    it('a remote that resets at once, before, in and after the accept, harms nobody', async () => {
      await using server = await listening()
      for (let i = 0; i < 300; i++) {
        const socket = connect(portOf(server.addr), '127.0.0.1').on('error', () => {})
        socket.on('connect', () => { socket.resetAndDestroy() })
        if (i % 3 === 0) await turn()
      }
      const conn = await dial(server.addr)
      await until(() => server.accepted.some(({ remoteAddr }) => remoteAddr.equals(conn.localMultiaddr)), 'it still accepts')
      for (const one of server.accepted) one.addEventListener('message', () => {})
      await until(() => server.accepted.filter(({ status }) => status === 'open').length === 1, 'the resets are seen')
      conn.abort(new Error('done'))
    })

    it('a socket that is gone when its turn comes is dropped', async () => {
      let upgrades = 0
      const { listener, server } = watched(rawUpgrader(() => { upgrades++ }))
      server.prependListener('connection', socket => { socket.destroy() })
      await listener.listen(ANY_PORT)
      const socket = connect(portOf(addrOf(listener)), '127.0.0.1').on('error', () => {})
      await new Promise<void>(resolve => { socket.on('close', () => { resolve() }).resume() })
      assert.equal(upgrades, 0)
      await listener.close()
    })

    it('a remote that says nothing costs a socket, and ends with it', async () => {
      await using server = await listening()
      const sockets = Array.from({ length: 50 }, () => connect(portOf(server.addr), '127.0.0.1'))
      await until(() => server.accepted.length === 50, 'accepted')
      assert.ok(server.accepted.every(conn => conn.readBufferLength === 0 && conn.writeBufferLength === 0))
      const heard = server.accepted.map(conn => hear(conn))
      for (const socket of sockets) socket.destroy()
      for (const { closed } of heard) await closed
    })
  })

  describe('close', () => {
    it('leaves its connections, and data goes on both ways', async () => {
      await using server = await listening()
      const conn = await dial(server.addr)
      await until(() => server.accepted.length === 1, 'accepted')
      await server.listener.close()
      const there = server.accepted[0] as RawConn
      const [here, beyond] = [hear(conn), hear(there)]
      conn.send(bytes('ping'))
      there.send(bytes('pong'))
      await until(() => here.text() === 'pong' && beyond.text() === 'ping', 'both arrive')
      await assert.rejects(dial(server.addr))
      await using again = await listening({}, server.addr) // the port is free
      assert.equal(again.addr.toString(), server.addr.toString())
      conn.abort(new Error('done'))
    })

    it('ends what is still being upgraded', async () => {
      const began = Promise.withResolvers<AbortSignal>()
      const { listener } = watched(rawUpgrader(async (_conn, signal) => {
        began.resolve(signal)
        await new Promise((_resolve, reject) => { signal.addEventListener('abort', () => { reject(signal.reason) }) })
      }))
      await listener.listen(ANY_PORT)
      const conn = await dial(addrOf(listener))
      const heard = hear(conn)
      const signal = await began.promise
      await listener.close()
      assert.ok(TcpListenerClosedError.is(signal.reason))
      assert.ok(TcpConnLostError.is(await heard.closed))
    })

    it('a hundred upgrades under way warn of no leak', async () => {
      const warnings: Error[] = []
      const onWarning = (warning: Error): void => { warnings.push(warning) }
      process.on('warning', onWarning)
      let waiting = 0
      const { listener } = watched(rawUpgrader(async (_conn, signal) => {
        waiting++
        await new Promise((_resolve, reject) => { signal.addEventListener('abort', () => { reject(signal.reason) }) })
      }))
      await listener.listen(ANY_PORT)
      const sockets = Array.from({ length: 100 }, () => connect(portOf(addrOf(listener)), '127.0.0.1').on('error', () => {}))
      await until(() => waiting === 100, 'all wait')
      await listener.close()
      await Promise.all(sockets.map(socket => new Promise<void>(resolve => { socket.on('close', () => { resolve() }) })))
      await turn()
      process.off('warning', onWarning)
      assert.deepEqual(warnings, [])
    })
  })

  describe('by itself', () => {
    it('a server that dies is reported, and closes', async () => {
      const { listener, server, events } = watched()
      await listener.listen(ANY_PORT)
      server.close()
      await until(() => events.length === 2, 'told')
      assert.deepEqual(events, ['listening', 'close'])
      await listener.close()
      assert.equal(events.length, 2)
    })

    it('what goes wrong with one accept is reported, and it goes on', async () => {
      const { listener, server, events } = watched(rawUpgrader(accepted => { hear(accepted) }))
      await listener.listen(ANY_PORT)
      server.emit('error', new Error('accept EMFILE')) // as the runtime does
      assert.deepEqual(events, ['listening', 'error: accept EMFILE'])
      const conn = await within(dial(addrOf(listener)), 'it still listens')
      conn.abort(new Error('done'))
      await listener.close()
    })
  })
})
