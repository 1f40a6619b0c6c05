import assert from 'node:assert/strict'
import { ping } from '@weir/host'
import { nullConnectionGater } from '@weir/network'
import { connectControl } from '../src/control-client.ts'
import { createNode } from '../src/create-node.ts'
import type { Node } from '../src/node.ts'
import { openNodeRules } from '../src/open-rules.ts'
import { temporaryDir } from './temporary-dir.ts'

const listen = ['/ip4/127.0.0.1/tcp/0']

const connect = (from: Node, to: Node): Promise<unknown> => from.host.connect({ peer: to.peer, addrs: to.addrs() }, { forceDirectDial: 'whatever failed lately' })

async function closed (node: Node): Promise<void> {
  if (node.network.conns().length > 0) await new Promise<void>(resolve => { node.network.notify({ listen () {}, listenClose () {}, connected () {}, disconnected: () => { resolve() } }) })
}

describe('the rules of a node', () => {
  let dir: Awaited<ReturnType<typeof temporaryDir>>

  beforeEach(async () => { dir = await temporaryDir() })
  afterEach(async () => { await dir[Symbol.asyncDispose]() })

  it('ban a peer at once, with the connection it has, and for the time after a restart', async () => {
    await using client = await createNode({ listen })
    {
      await using node = await createNode({ listen, dataDir: dir.path })
      await connect(client, node)
      await ping(client.host, node.peer)
      await using rules = await openNodeRules(dir.path)
      const { changed, closed: ended } = await rules.ban(client.peer.toString(), { reason: 'spam' })
      assert.equal(changed, true)
      assert.deepEqual(ended.map(({ peer, rule }) => [peer, rule]), [[client.peer.toString(), 'blocked-peer']])
      assert.deepEqual(node.network.conns(), [])
      await closed(client)
      await assert.rejects(connect(node, client), /spam/)
      assert.deepEqual(await rules.list(), { banned: [{ kind: 'peer', key: client.peer.toString(), origin: 'manual', reason: 'spam', untilMs: null }], trusted: [] })
    }
    {
      await using rules = await openNodeRules(dir.path) // none runs
      assert.equal((await rules.list()).banned.length, 1)
      await assert.rejects(createNode({ listen, dataDir: dir.path }), { code: 'DATA_DIR_LOCKED' })
      assert.equal((await rules.ban('192.0.2.0/24', { ttlMs: 60_000 })).key, '192.0.2.0/24')
    }
    await using node = await createNode({ listen, dataDir: dir.path })
    await assert.rejects(connect(node, client), /spam/)
    await using rules = await openNodeRules(dir.path)
    assert.deepEqual((await rules.list()).banned.map(({ key, untilMs }) => [key, typeof untilMs]), [[client.peer.toString(), 'object'], ['192.0.2.0/24', 'number']])
    assert.equal((await rules.unban(client.peer.toString())).changed, true)
    assert.equal((await rules.unban(client.peer.toString())).changed, false)
    await connect(client, node)
  })

  it('let trust win, and close what trust alone had let in', async () => {
    await using node = await createNode({ listen, dataDir: dir.path })
    await using refused = await createNode({ listen: [] }) // it leaves the address alone for a while
    await using client = await createNode({ listen: [] })
    await using rules = await openNodeRules(dir.path)
    await rules.ban('127.0.0.0/8')
    await assert.rejects(connect(refused, node))
    await rules.trust('127.0.0.1')
    await connect(client, node)
    await ping(client.host, node.peer) // until the node has it too
    assert.equal(node.network.conns().length, 1)
    assert.equal((await rules.untrust('127.0.0.1')).closed.length, 1)
    await assert.rejects(connect(client, node))
  })

  it('are told what is wrong with a request', async () => {
    await using _ = await createNode({ listen: [], dataDir: dir.path })
    await using rules = await openNodeRules(dir.path)
    await assert.rejects(rules.ban('nobody'), { code: 'CONTROL_REQUEST', remoteCode: 'INVALID_RULE_TARGET', message: /nobody/ })
    await assert.rejects(rules.ban('192.0.2.1', { ttlMs: -1 }), { code: 'CONTROL_REQUEST' })
    assert.deepEqual(await rules.list(), { banned: [], trusted: [] })
  })
})

describe('the control socket of a node', () => {
  let dir: Awaited<ReturnType<typeof temporaryDir>>

  beforeEach(async () => { dir = await temporaryDir() })
  afterEach(async () => { await dir[Symbol.asyncDispose]() })

  it('shows connections and closes them, by their id or their peer', async () => {
    await using node = await createNode({ listen, dataDir: dir.path })
    await using client = await createNode({ listen: [] })
    using control = await connectControl(dir.path) ?? assert.fail()
    for (const by of ['conn', 'peer'] as const) {
      await connect(client, node)
      await ping(client.host, node.peer)
      const [conn, ...others] = await control.request('connections') as Array<{ id: string, peer: string, address: string, direction: string }>
      assert.deepEqual(others, [])
      assert.equal(conn?.peer, client.peer.toString())
      assert.equal(conn?.direction, 'inbound')
      assert.match(conn?.address ?? '', /^\/ip4\/127\.0\.0\.1\/tcp\//)
      assert.deepEqual(await control.request('close', { [by]: by === 'conn' ? conn?.id : conn?.peer }), [conn?.id])
      assert.deepEqual(await control.request('connections'), [])
      await closed(client)
    }
    assert.deepEqual(await control.request('close', { conn: 'none' }), [])
  })

  it('gives a snapshot in which no limit is said so', async () => {
    await using node = await createNode({ listen, dataDir: dir.path })
    using control = await connectControl(dir.path) ?? assert.fail()
    const snapshot = await control.request('snapshot', { level: 'all', top: 3 }) as { peer: string, addresses: string[], resources: { system: { limit: { conns: number } } }, connManager: { highWater: number }, gater: { blocked: { peers: number } } }
    assert.equal(snapshot.peer, node.peer.toString())
    assert.deepEqual(snapshot.addresses, node.addrs().map(String))
    assert.equal(snapshot.resources.system.limit.conns, node.plan?.limits.system.conns)
    assert.equal(snapshot.connManager.highWater, node.plan?.watermarks.highWater)
    assert.equal(snapshot.gater.blocked.peers, 0)
    assert.doesNotMatch(JSON.stringify(snapshot), /null|Infinity/)
  })

  it('shows the bandwidth of each peer where it is limited', async () => {
    await using node = await createNode({ listen, dataDir: dir.path, maxUploadBytesPerSecond: 1_000_000 })
    await using client = await createNode({ listen: [] })
    await connect(client, node)
    await ping(client.host, node.peer)
    using control = await connectControl(dir.path) ?? assert.fail()
    const { bandwidth } = await control.request('snapshot') as { bandwidth: { total: { totalSentBytes: number }, conns: Array<{ peer: string, totalSentBytes: number }> } }
    assert.deepEqual(bandwidth.conns.map(({ peer }) => peer), [client.peer.toString()])
    assert.ok((bandwidth.conns[0]?.totalSentBytes ?? 0) > 0 && bandwidth.total.totalSentBytes > 0)
  })

  it('refuses parameters that are none', async () => {
    await using _ = await createNode({ listen: [], dataDir: dir.path })
    using control = await connectControl(dir.path) ?? assert.fail()
    for (const [method, params] of [['snapshot', { levle: 'all' }], ['close', {}], ['close', { conn: 1 }], ['ban', {}], ['ban', { target: '192.0.2.1', reason: 1 }], ['unban', { target: '192.0.2.1', ttlMs: 1 }], ['ban', { target: '192.0.2.1', ttlMs: '1' }], ['connections', { all: true }]] as const) {
      await assert.rejects(control.request(method, params), { code: 'CONTROL_REQUEST', remoteCode: 'CONTROL_PARAM' }, `${method} ${JSON.stringify(params)}`)
    }
    await assert.rejects(control.request('snapshot', { top: -1 }), { code: 'CONTROL_REQUEST' })
  })

  it('knows no rules of a gater that was given', async () => {
    await using node = await createNode({ listen: [], dataDir: dir.path, connectionGater: nullConnectionGater })
    assert.equal(node.gater, undefined)
    using control = await connectControl(dir.path) ?? assert.fail()
    await assert.rejects(control.request('bans'), { remoteCode: 'CONTROL_PROTOCOL', message: /snapshot, connections, close$/ })
  })

  it('is gone with the node, with clients that still wait', async () => {
    const node = await createNode({ listen: [], dataDir: dir.path })
    using control = await connectControl(dir.path) ?? assert.fail()
    await control.request('connections')
    await node.close()
    await assert.rejects(control.request('connections'))
    assert.equal(await connectControl(dir.path), undefined)
  })
})
