import assert from 'node:assert/strict'
import type { Listener } from '@libp2p/interface'
import { tcp as jsTcp } from '@libp2p/tcp'
import { nullLogger } from '@weir/adapters'
import { notifyBundle } from '@weir/network'
import { tcp } from '@weir/tcp'
import type { TransportFactory } from '../src/index.ts'
import { ANY_PORT, echo, readAll, swarmPair, tcpSwarm, until } from './swarm-pair.ts'

/** Our transport, with its listeners in the test's hands. */
function withListeners (): { transport: TransportFactory, listeners: Listener[] } {
  const listeners: Listener[] = []
  return {
    listeners,
    transport: components => {
      const transport = tcp()(components)
      const createListener = transport.createListener.bind(transport)
      transport.createListener = options => {
        const listener = createListener(options)
        listeners.push(listener)
        return listener
      }
      return transport
    }
  }
}

describe('listeners', () => {
  it('closed, leave their connections, which carry streams both ways', async () => {
    await using pair = await swarmPair()
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    await until(() => pair.b.conns().length === 1, 'b has the connection')
    await pair.b.listenClose(...pair.b.listenAddresses())
    assert.deepEqual(pair.b.listenAddresses(), [])
    for (const [from, to] of [[pair.a, pair.b], [pair.b, pair.a]] as const) {
      to.setStreamHandler(echo)
      const stream = await from.newStream(to.localPeer)
      await stream.write(Buffer.from('still here'))
      await stream.closeWrite()
      assert.equal((await readAll(stream)).toString(), 'still here')
    }
    assert.ok(!conn.isClosed())
  })

  it('on several addresses, each with its port, and a connection knows which it came in by', async () => {
    await using pair = await swarmPair()
    await pair.b.listen(ANY_PORT, ANY_PORT)
    const addrs = pair.b.listenAddresses()
    assert.equal(new Set(addrs.map(String)).size, 3)
    const last = addrs.at(-1)
    assert(last !== undefined)
    pair.a.peerstore.setAddrs(pair.b.localPeer, addrs, 0)
    pair.a.peerstore.addAddrs(pair.b.localPeer, [last], 60_000)
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    await until(() => pair.b.conns().length === 1, 'b has the connection')
    const [inbound] = pair.b.conns()
    assert.equal(inbound?.localMultiaddr.toString(), last.toString())
    assert.equal(inbound?.remoteMultiaddr.toString(), conn.localMultiaddr.toString())
  })

  it('that die are reported and removed, once; what goes wrong before is reported', async () => {
    const { transport, listeners } = withListeners()
    const said: string[] = []
    const logger = { ...nullLogger, forComponent: () => Object.assign(() => {}, nullLogger, { error: (text: string) => { said.push(text) } }) }
    const swarm = await tcpSwarm({ transports: [transport], logger })
    const closed: string[] = []
    swarm.notify(notifyBundle({ listenClose: (_swarm, addr) => { closed.push(addr.toString()) } }))
    await swarm.listen(ANY_PORT)
    const [addr] = swarm.listenAddresses()
    const [listener] = listeners
    listener?.dispatchEvent(new CustomEvent('error', { detail: new Error('accept failed') }))
    assert.equal(swarm.listenAddresses().length, 1)
    await listener?.close()
    assert.deepEqual(swarm.listenAddresses(), [])
    assert.deepEqual(closed, [String(addr)])
    assert.deepEqual(said, ['listener at %a: %e', 'the listener at %a closed by itself'])
    await swarm.close()
    await swarm.peerstore.close()
    assert.equal(closed.length, 1)
    assert.equal(said.length, 2)
  })

  it('of @libp2p/tcp work too: the local address is the best that is known', async () => {
    await using pair = await swarmPair({ transports: [jsTcp()] }, { transports: [jsTcp()] })
    const conn = await pair.a.dialPeer(pair.b.localPeer)
    await until(() => pair.b.conns().length === 1, 'b has the connection')
    assert.equal(conn.connState().transport, '@libp2p/tcp')
    assert.equal(conn.localMultiaddr.toString(), '/ip4/0.0.0.0/tcp/0')
    assert.equal(pair.b.conns()[0]?.localMultiaddr.toString(), pair.b.listenAddresses()[0]?.toString())
  })
})
