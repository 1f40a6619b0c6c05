import assert from 'node:assert/strict'
import { aborted, afterClose, type Case, closedTwice, until, within } from '@weir/compliance'
import { NoConnError, NoRemoteAddrsError, type Stream } from '@weir/network'
import { multiaddr } from '@multiformats/multiaddr'
import type { Host } from './host.ts'
import type { HostSubject } from './host-subject.ts'

// Errors are told by their codes, and by nothing of this package's own: an implementation may have classes of its own.
const hasCode = (code: string) => (error: unknown): boolean => (error as { code?: unknown }).code === code

const PROTOCOL = '/weir/compliance/1.0.0'
const NO_ADDR = multiaddr('/ip4/192.0.2.1/tcp/4001')

export type HostCase = Case<HostSubject, 'connects'>

async function join ({ host, remote }: HostSubject): Promise<void> {
  const [addr] = remote.addrs()
  assert.ok(addr, 'the remote host listens')
  await within(host.connect(addr), 'the connection')
  await until(() => remote.network.connsToPeer(host.peer).length > 0, 'the connection is there on both sides')
}

async function textOf (stream: Stream): Promise<string> {
  return Buffer.concat(await within(Array.fromAsync(stream), 'the end of the stream')).toString()
}

async function echo (stream: Stream): Promise<void> {
  for await (const bytes of stream) await stream.write(bytes)
  await stream.close()
}

async function roundTrip (host: Host, remote: Host, protocol: string, text: string): Promise<string> {
  const stream = await within(host.newStream(remote.peer, protocol), 'a stream')
  try {
    await stream.write(Buffer.from(text))
    await stream.closeWrite()
    return await textOf(stream)
  } finally {
    await stream.close()
  }
}

const alone: HostCase[] = [
  {
    name: 'the peer is that of the network and of the components',
    run ({ host }) {
      assert.equal(host.peer.toString(), host.network.localPeer.toString())
      assert.equal(host.components.peerId.toString(), host.peer.toString())
      assert.ok(host.components.privateKey.publicKey.equals(host.components.peerId.publicKey))
    }
  },
  {
    name: 'every address names the peer',
    run ({ host, remote }) {
      for (const each of [host, remote]) for (const addr of each.addrs()) assert.ok(addr.toString().endsWith(`/p2p/${each.peer}`), addr.toString())
    }
  },
  {
    name: 'protocols and addresses are given as copies',
    run ({ host }) {
      const before = [host.protocols(), host.addrs()]
      host.protocols().push('/x')
      host.addrs().push(NO_ADDR)
      assert.deepEqual([host.protocols(), host.addrs()], before)
    }
  },
  { name: 'removing the handler of a protocol that has none is harmless', run ({ host }) { host.removeStreamHandler('/none') } },
  { name: 'starting again is harmless', async run ({ host }) { await Promise.all([host.start(), host.start()]) } },
  { name: 'connect to an address that names no peer is refused', async run ({ host }) { await assert.rejects(host.connect(NO_ADDR), hasCode('MISSING_PEER_ID')) } },
  { name: 'connect to a peer without an address is refused', async run ({ host, stranger }) { await assert.rejects(host.connect({ peer: stranger }), NoRemoteAddrsError.is) } },
  { name: 'newStream to a peer without an address is refused', async run ({ host, stranger }) { await assert.rejects(host.newStream(stranger, PROTOCOL), NoRemoteAddrsError.is) } },
  { name: 'newStream with noDial and without a connection is refused', async run ({ host, stranger }) { await assert.rejects(host.newStream(stranger, PROTOCOL, { noDial: 'a case' }), NoConnError.is) } },
  { name: 'newStream without a protocol is refused', async run ({ host, remote }) { await assert.rejects(host.newStream(remote.peer, []), RangeError) } },
  {
    name: 'the components know nobody before there is a connection',
    async run ({ host }) {
      const { connectionManager, registrar, peerStore } = host.components
      assert.deepEqual(connectionManager.getConnections(), [])
      assert.throws(() => registrar.getHandler('/none'), { name: 'UnhandledProtocolError' })
      assert.equal((await peerStore.all()).length, 0)
    }
  },
  ...aborted<HostSubject>([
    { name: 'connect', call: async ({ host, stranger }, signal) => await host.connect({ peer: stranger, addrs: [NO_ADDR] }, { signal }) },
    { name: 'newStream', call: async ({ host, stranger }, signal) => await host.newStream(stranger, PROTOCOL, { signal }) }
  ]),
  ...closedTwice<HostSubject>([
    { name: 'close', call: async ({ host }) => { await host.close() } },
    { name: 'asyncDispose', call: async ({ host }) => { await host[Symbol.asyncDispose]() } }
  ]),
  ...afterClose<HostSubject>([
    { name: 'protocols', call: ({ host }) => host.protocols() },
    { name: 'addrs', call: ({ host }) => host.addrs() },
    { name: 'removeStreamHandler', call: ({ host }) => { host.removeStreamHandler('/none') } }
  ], async ({ host }) => { await host.close() })
]

const connected: HostCase[] = [
  {
    name: 'a handler gets the stream, with its protocol and its peer',
    async run (subject) {
      const { host, remote } = subject
      const got = Promise.withResolvers<string>()
      remote.setStreamHandler(PROTOCOL, async stream => {
        got.resolve(`${stream.protocol} ${stream.conn.remotePeer}`)
        await stream.close()
      })
      await join(subject)
      await roundTrip(host, remote, PROTOCOL, '')
      assert.equal(await within(got.promise, 'the handler'), `${PROTOCOL} ${host.peer}`)
    }
  },
  {
    name: 'bytes pass both ways, and the end',
    async run (subject) {
      subject.remote.setStreamHandler(PROTOCOL, echo)
      await join(subject)
      const text = 'x'.repeat(100_000)
      assert.equal(await roundTrip(subject.host, subject.remote, PROTOCOL, text), text)
    }
  },
  {
    name: 'the side that was dialled opens streams too',
    async run (subject) {
      subject.host.setStreamHandler(PROTOCOL, echo)
      await join(subject)
      assert.equal(await roundTrip(subject.remote, subject.host, PROTOCOL, 'back'), 'back')
    }
  },
  {
    name: 'a handler takes the place of the last one, and is listed until it is removed',
    async run (subject) {
      const { host, remote } = subject
      remote.setStreamHandler(PROTOCOL, () => { throw new Error('replaced') })
      remote.setStreamHandler(PROTOCOL, echo)
      assert.equal(remote.protocols().filter(protocol => protocol === PROTOCOL).length, 1)
      await join(subject)
      assert.equal(await roundTrip(host, remote, PROTOCOL, 'new'), 'new')
      remote.removeStreamHandler(PROTOCOL)
      assert.ok(!remote.protocols().includes(PROTOCOL))
    }
  },
  {
    name: 'protocols are listed in order',
    run ({ host }) {
      for (const protocol of ['/c', '/a', '/b']) host.setStreamHandler(protocol, echo)
      const listed = host.protocols()
      assert.deepEqual(listed, [...listed].sort())
      assert.ok(['/a', '/b', '/c'].every(protocol => listed.includes(protocol)))
    }
  },
  {
    name: 'the caller\'s order decides among the protocols',
    async run (subject) {
      const { host, remote } = subject
      for (const protocol of ['/x/1', '/x/2']) remote.setStreamHandler(protocol, echo)
      await join(subject)
      const stream = await within(host.newStream(remote.peer, ['/x/3', '/x/2', '/x/1']), 'a stream')
      assert.equal(stream.protocol, '/x/2')
      await stream.close()
    }
  },
  {
    name: 'a protocol that is not spoken is refused, and leaves no stream',
    async run (subject) {
      const { host, remote } = subject
      await join(subject)
      await within(assert.rejects(host.newStream(remote.peer, ['/no/1', '/no/2']), hasCode('PROTOCOL_NOT_SUPPORTED')), 'the refusal')
      await until(() => host.network.conns().every(conn => conn.streams().every(stream => stream.protocol !== undefined)), 'the stream is gone')
    }
  },
  {
    name: 'what was agreed on is expected the next time, and what is expected wrongly is told on read and forgotten',
    async run (subject) {
      const { host, remote } = subject
      remote.setStreamHandler(PROTOCOL, echo)
      await join(subject)
      await roundTrip(host, remote, PROTOCOL, 'once')
      assert.deepEqual(host.network.peerstore.supportsProtocols(remote.peer, PROTOCOL), [PROTOCOL])
      assert.equal(await roundTrip(host, remote, PROTOCOL, 'twice'), 'twice')
      remote.removeStreamHandler(PROTOCOL)
      host.network.peerstore.addProtocols(remote.peer, PROTOCOL)
      const stream = await within(host.newStream(remote.peer, PROTOCOL), 'a stream')
      await within(assert.rejects(stream.read(), hasCode('PROTOCOL_NOT_SUPPORTED')), 'the refusal')
      await stream.close()
      assert.deepEqual(host.network.peerstore.supportsProtocols(remote.peer, PROTOCOL), [])
    }
  },
  {
    name: 'a stream that is closed before any read delivers everything',
    async run (subject) {
      const { host, remote } = subject
      const got = Promise.withResolvers<string>()
      remote.setStreamHandler(PROTOCOL, async stream => {
        got.resolve(await textOf(stream))
        await stream.close()
      })
      await join(subject)
      host.network.peerstore.addProtocols(remote.peer, PROTOCOL)
      const stream = await host.newStream(remote.peer, PROTOCOL)
      await stream.write(Buffer.from('all of it'))
      await stream.close()
      assert.equal(await within(got.promise, 'the handler'), 'all of it')
      await until(() => host.network.conns().every(conn => conn.streams().every(open => open.protocol !== PROTOCOL)), 'the stream is gone')
    }
  },
  {
    name: 'a matcher takes names that have no handler of their own',
    async run (subject) {
      const { host, remote } = subject
      remote.setStreamHandler('/m/exact', async stream => {
        await stream.write(Buffer.from('exact'))
        await stream.close()
      })
      remote.setStreamHandlerMatch('/m', id => id.startsWith('/m/'), async stream => {
        await stream.write(Buffer.from(`matched ${stream.protocol}`))
        await stream.close()
      })
      await join(subject)
      assert.equal(await roundTrip(host, remote, '/m/exact', ''), 'exact')
      assert.equal(await roundTrip(host, remote, '/m/any', ''), 'matched /m/any')
    }
  },
  {
    name: 'a handler that rejects has its stream reset, and nothing else',
    async run (subject) {
      const { host, remote } = subject
      remote.setStreamHandler('/bad', async () => { throw new Error('a bug of the handler') })
      remote.setStreamHandler(PROTOCOL, echo)
      await join(subject)
      const stream = await host.newStream(remote.peer, '/bad')
      await within(assert.rejects(Array.fromAsync(stream)), 'the reset')
      stream.reset()
      assert.equal(await roundTrip(host, remote, PROTOCOL, 'still here'), 'still here')
    }
  },
  {
    name: 'a handler that returns leaves its stream open',
    async run (subject) {
      const { host, remote } = subject
      const got = Promise.withResolvers<Stream>()
      remote.setStreamHandler(PROTOCOL, stream => { got.resolve(stream) })
      await join(subject)
      const stream = await host.newStream(remote.peer, PROTOCOL)
      const far = await within(got.promise, 'the handler')
      await far.write(Buffer.from('later'))
      assert.equal(Buffer.from(await within(stream.read(), 'the bytes') ?? []).toString(), 'later')
      await Promise.all([stream.close(), far.close()])
    }
  },
  {
    name: 'many streams at once do not mix',
    async run (subject) {
      const { host, remote } = subject
      remote.setStreamHandler(PROTOCOL, echo)
      await join(subject)
      const texts = Array.from({ length: 50 }, (_, i) => `text ${i}`)
      assert.deepEqual(await Promise.all(texts.map(async text => await roundTrip(host, remote, PROTOCOL, text))), texts)
    }
  },
  {
    name: 'services see one js connection for each connection, until it ends',
    async run (subject) {
      const { host, remote } = subject
      const heard: string[] = []
      for (const type of ['connection:open', 'peer:connect', 'connection:close', 'peer:disconnect'] as const) host.components.events.addEventListener(type, () => { heard.push(type) })
      await join(subject)
      await join(subject)
      assert.equal(host.components.connectionManager.getConnections().length, 1)
      await host.network.closePeer(remote.peer)
      assert.deepEqual(heard, ['connection:open', 'peer:connect', 'connection:close', 'peer:disconnect'])
      assert.deepEqual(host.components.connectionManager.getConnections(), [])
    }
  },
  {
    name: 'close leaves the network and its connections open',
    async run (subject) {
      await join(subject)
      await subject.host.close()
      assert.equal(subject.host.network.conns().length, 1)
    }
  },
  ...afterClose<HostSubject>([
    { name: 'start', call: async ({ host }) => { await host.start() }, refuses: hasCode('HOST_CLOSED') },
    { name: 'connect', call: async ({ host, remote }) => await host.connect({ peer: remote.peer }), refuses: hasCode('HOST_CLOSED') },
    { name: 'newStream', call: async ({ host, remote }) => await host.newStream(remote.peer, PROTOCOL), refuses: hasCode('HOST_CLOSED') },
    { name: 'setStreamHandler', call: ({ host }) => { host.setStreamHandler(PROTOCOL, echo) }, refuses: hasCode('HOST_CLOSED') }
  ], async ({ host }) => { await host.close() })
]

/**
 * What every `Host` must do.
 *
 * Capability `connects`: it reaches others, and they reach it. The Null does not.
 */
export const hostCases: readonly HostCase[] = [
  ...alone,
  ...connected.map((each): HostCase => ({ ...each, needs: ['connects'] }))
]
