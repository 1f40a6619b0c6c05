import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { ECHO_PROTOCOL, perf, ping } from '@weir/host'
import { ALLOW, deny, nullConnectionGater, nullConnManager, noopNotifiee, nullResourceManager, type ResourceManager } from '@weir/network'
import { createPeerstore } from '@weir/peerstore'
import { createNode } from '../src/create-node.ts'
import type { Node } from '../src/node.ts'
import { temporaryDir } from './temporary-dir.ts'

const listen = ['/ip4/127.0.0.1/tcp/0']
const PSK = Buffer.from(`/key/swarm/psk/1.0.0/\n/base16/\n${'0123456789abcdef'.repeat(4)}\n`)

const connect = (from: Node, to: Node): Promise<unknown> => from.host.connect({ peer: to.peer, addrs: to.addrs() })

/** Sockets and servers that are open in this process. */
const sockets = (): string[] => process.getActiveResourcesInfo().filter(name => name.startsWith('TCP'))

/** Waits for the other end of what was closed, which hears of it in its own time: on a busy machine that is long. */
async function noSockets (): Promise<void> {
  const deadline = performance.now() + 15_000
  while (sockets().length > 0 && performance.now() < deadline) await new Promise(resolve => setTimeout(resolve, 5))
  assert.deepEqual(sockets(), [])
}

describe('createNode', () => {
  before(noSockets) // of the tests of other packages, which ran in this process before
  afterEach(noSockets)

  it('gives a node that listens, with addresses that name it', async () => {
    await using node = await createNode({ listen })
    const [addr, ...others] = node.addrs().map(String)
    assert.match(addr ?? '', new RegExp(`^/ip4/127\\.0\\.0\\.1/tcp/[1-9]\\d*/p2p/${node.peer}$`))
    assert.deepEqual(others, [])
    assert.equal(node.network.localPeer.toString(), node.peer.toString())
  })

  it('listens on all IPv4 interfaces when nothing is said, and nowhere when that is said', async () => {
    await using open = await createNode()
    assert.ok(open.addrs().some(addr => addr.toString().startsWith('/ip4/127.0.0.1/tcp/')))
    assert.ok(open.addrs().every(addr => !addr.toString().includes('/0.0.0.0/')))
    await using shut = await createNode({ listen: [] })
    assert.deepEqual(shut.addrs(), [])
  })

  it('answers ping, echo, perf and identify', async () => {
    await using a = await createNode({ listen, userAgent: 'weir-test/1' })
    await using b = await createNode({ listen: [] })
    await connect(b, a)
    assert.ok(await ping(b.host, a.peer) > 0)
    {
      await using stream = await b.host.newStream(a.peer, ECHO_PROTOCOL)
      await stream.write(Buffer.from('hello'))
      await stream.closeWrite()
      assert.equal(Buffer.concat(await Array.fromAsync(stream)).toString(), 'hello')
    }
    const measured = await perf(b.host, a.peer, { uploadBytes: 1_000_000, downloadBytes: 2_000_000 })
    assert.equal(measured.downloadBytes, 2_000_000)
    const { agentVersion, protocols } = await b.host.services.identify.identify(b.host.components.connectionManager.getConnections(a.peer)[0] ?? assert.fail())
    assert.equal(agentVersion, 'weir-test/1')
    for (const protocol of ['/ipfs/id/1.0.0', '/ipfs/id/push/1.0.0', '/ipfs/ping/1.0.0', ECHO_PROTOCOL, '/perf/1.0.0']) assert.ok(protocols.includes(protocol), protocol)
  })

  it('has the services that it is given beside its own', async () => {
    await using node = await createNode({ listen: [], services: { counter: components => ({ of: components.peerId.toString(), n: 1 }) } })
    assert.deepEqual(node.host.services.counter, { of: node.peer.toString(), n: 1 })
    assert.ok(node.host.services.identify)
  })

  it('uses the key that it is given, or a new one', async () => {
    const privateKey = await generateKeyPair('secp256k1')
    await using node = await createNode({ listen: [], privateKey })
    assert.ok(node.peer.equals(peerIdFromPrivateKey(privateKey)))
    await using other = await createNode({ listen: [] })
    await using third = await createNode({ listen: [] })
    assert.ok(!other.peer.equals(third.peer))
  })

  it('closes twice and at the same time without harm, and leaves nothing open', async () => {
    await using a = await createNode({ listen })
    await using b = await createNode({ listen })
    await connect(b, a)
    await ping(b.host, a.peer)
    await Promise.all([a.close(), a.close(), b[Symbol.asyncDispose]()])
    await a.close()
    assert.deepEqual(a.network.conns(), [])
    assert.deepEqual(a.addrs(), [])
    await noSockets()
  })
})

describe('createNode with a data directory', () => {
  afterEach(noSockets)

  it('is the same peer each time, and locks it while it runs', async () => {
    await using dir = await temporaryDir()
    const first = await createNode({ listen, dataDir: dir.path })
    await assert.rejects(createNode({ listen, dataDir: dir.path }), { code: 'DATA_DIR_LOCKED', pid: process.pid })
    assert.deepEqual((await readdir(dir.path)).sort(), ['control.sock', 'identity.key', 'lock', 'rules'])
    await first.close()
    assert.deepEqual((await readdir(dir.path)).sort(), ['identity.key', 'rules'])
    await using second = await createNode({ listen, dataDir: dir.path })
    assert.ok(second.peer.equals(first.peer))
  })

  it('closes services first, then the network, and releases the lock last', async () => {
    await using dir = await temporaryDir()
    const seen: string[] = []
    const look = (when: string): void => { seen.push(`${when}: ${node.addrs().length === 0 ? 'deaf' : 'listening'}, ${existsSync(join(dir.path, 'lock')) ? 'locked' : 'unlocked'}`) }
    await using node = await createNode({ listen, dataDir: dir.path, services: { witness: () => ({ stop: () => { look('service') } }) } })
    node.network.notify({ ...noopNotifiee, listenClose: () => { look('network') } })
    await node.close()
    look('end')
    assert.deepEqual(seen, ['service: listening, locked', 'network: deaf, locked', 'end: deaf, unlocked'])
  })

  it('takes the key that it is given, and makes none there', async () => {
    await using dir = await temporaryDir()
    const privateKey = await generateKeyPair('Ed25519')
    await using node = await createNode({ listen: [], dataDir: dir.path, privateKey })
    assert.ok(node.peer.equals(peerIdFromPrivateKey(privateKey)))
    assert.deepEqual((await readdir(dir.path)).sort(), ['control.sock', 'lock', 'rules'])
  })
})

describe('createNode that fails', () => {
  afterEach(noSockets)

  it('at an option it does not know has touched nothing', async () => {
    await using dir = await temporaryDir()
    const dataDir = join(dir.path, 'data')
    await assert.rejects(createNode({ dataDir, lisen: [] } as never), { name: 'TypeError', message: /lisen/ })
    await assert.rejects(createNode({ dataDir, listen: ['localhost:4001'] }), { code: 'INVALID_LISTEN_ADDRESS', address: 'localhost:4001' })
    assert.deepEqual(await readdir(dir.path), [])
  })

  it('at an address that is in use gives everything back, the addresses that work included', async () => {
    await using dir = await temporaryDir()
    await using server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const taken = `/ip4/127.0.0.1/tcp/${(server.address() as { port: number }).port}`
    await assert.rejects(createNode({ dataDir: dir.path, listen: [...listen, taken] }), { code: 'LISTEN_FAILED', message: /EADDRINUSE/ })
    assert.deepEqual((await readdir(dir.path)).sort(), ['identity.key', 'rules'])
    assert.deepEqual(sockets(), ['TCPServerWrap'], 'the one that took the address')
  })

  it('at an address that no transport can listen on', async () => {
    await assert.rejects(createNode({ listen: [multiaddr('/ip4/127.0.0.1/udp/0/quic-v1')] }), { code: 'LISTEN_FAILED' })
  })

  it('at a key file that is no good', async () => {
    await using dir = await temporaryDir()
    await mkdir(join(dir.path, 'identity.key'))
    await assert.rejects(createNode({ dataDir: dir.path }), { code: 'KEY_FILE_UNREADABLE' })
    assert.deepEqual((await readdir(dir.path)).sort(), ['identity.key', 'rules'])
  })

  it('at a service that does not start gives everything back', async () => {
    await using dir = await temporaryDir()
    const broken = { start: () => { throw new Error('no coffee') }, stop () {} }
    await assert.rejects(createNode({ dataDir: dir.path, listen, services: { broken: () => broken } }), { code: 'SERVICE_START', service: 'broken' })
    assert.deepEqual((await readdir(dir.path)).sort(), ['identity.key', 'rules'])
  })

  it('leaves a resource manager that it was given open', async () => {
    let closed = 0
    const resourceManager: ResourceManager = { ...nullResourceManager, close: async () => { closed++ }, [Symbol.asyncDispose]: async () => { closed++ } }
    await assert.rejects(createNode({ listen: ['/ip4/127.0.0.1/udp/0/quic-v1'], resourceManager }), { code: 'LISTEN_FAILED' })
    await (await createNode({ listen, resourceManager })).close()
    assert.equal(closed, 0)
  })
})

describe('createNode with parts of its owner', () => {
  afterEach(noSockets)

  it('leaves the peerstore open', async () => {
    await using peerstore = createPeerstore()
    const a = await createNode({ listen })
    const b = await createNode({ listen: [], peerstore })
    await connect(b, a)
    await Promise.all([a.close(), b.close()])
    peerstore.addProtocols(a.peer, '/still/here')
    assert.ok(peerstore.protocols(a.peer).includes('/still/here'))
  })

  it('asks the gater and tells the connection manager', async () => {
    const seen: string[] = []
    const connManager = { ...nullConnManager, notifiee: { ...nullConnManager.notifiee, connected: () => { seen.push('connected') } } }
    const connectionGater = { ...nullConnectionGater, interceptPeerDial: () => { seen.push('peer dial'); return seen.length > 1 ? ALLOW : deny('closed') } }
    await using a = await createNode({ listen })
    await using b = await createNode({ listen: [], connManager, connectionGater })
    await assert.rejects(connect(b, a), { code: 'DIAL_FAILED' })
    await connect(b, a)
    assert.deepEqual(seen, ['peer dial', 'peer dial', 'connected'])
  })

  it('talks in a private network to those with its key, and to nobody else', async () => {
    await using a = await createNode({ listen, psk: PSK })
    await using b = await createNode({ listen: [], psk: PSK })
    await using stranger = await createNode({ listen: [] })
    await connect(b, a)
    assert.ok(await ping(b.host, a.peer) > 0)
    await assert.rejects(connect(stranger, a))
    assert.deepEqual(a.network.peers().map(String), [b.peer.toString()])
  })

  for (const [name, psk] of [['nothing', ''], ['a text', 'swordfish'], ['another coding', `/key/swarm/psk/1.0.0/\n/base64/\n${'A'.repeat(64)}\n`], ['a short key', '/key/swarm/psk/1.0.0/\n/base16/\n0123\n']] as const) {
    it(`refuses ${name} as a pre-shared key, and shows nothing of it`, async () => {
      await using dir = await temporaryDir()
      const error = await createNode({ dataDir: dir.path, listen, psk: Buffer.from(psk) }).then(() => assert.fail('no error'), error => error as Error)
      assert.equal((error as { code?: string }).code, 'INVALID_PSK')
      assert.doesNotMatch(`${error.stack}`, /swordfish|AAAA/)
      assert.deepEqual((await readdir(dir.path)).sort(), ['identity.key', 'rules'])
    })
  }
})
