import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { SUBNET_LIMIT_DEFAULTS } from '@weir/resource-manager'
import { CHECKS } from '../src/checks.ts'
import { buildGoPeer, isGoInstalled } from '../src/go-toolchain.ts'
import { listNamespaces, pidsIn, run, whyNoNamespaces } from '../src/namespaces.ts'
import { type Dialled, NodesOnHost } from '../src/nodes-on-host.ts'
import { PEER_NAMES, type PeerKind } from '../src/peers.ts'
import { startPair } from '../src/start-pair.ts'
import { type TestHost, TestHosts } from '../src/test-hosts.ts'
import { WeirNode } from '../src/weir-node.ts'

const PREPARE_WITHIN_MS = 15 * 60_000
const POLL_MS = 50

/** Of one address to a private network: whoever waits for one that leads nowhere waits as long. @see SWARM_DEFAULTS.dialTimeoutLocalMs */
const DIAL_TIMEOUT_MS = 5_000
const KEEP_ALIVE_MS = 500

/** Half of it on the way out of each host: 60 ms there and back. */
const IMPAIRMENT = { delayMs: 30, lossPercent: 1 }
const IMPAIRED_ANSWER_WITHIN_MS = 180_000

const ours = (): string[] => listNamespaces().filter(name => name.startsWith(`weir-${process.pid}-`))

const PROBLEM = whyNoNamespaces()

describe('test hosts', () => {
  before(function () {
    // The reporter prints why.
    if (PROBLEM !== undefined) this.skip()
  })

  afterEach(() => {
    assert.deepEqual(ours(), [], 'namespaces are left')
  })

  describe('are made and removed', () => {
    it('with what still runs on them', async () => {
      const network = new TestHosts(1, 2)
      const [host] = network.hosts
      const [file = '', ...args] = host.command(['sleep', '1000'])
      const sleeper = spawn(file, args)
      const gone = once(sleeper, 'exit')
      while (pidsIn(ours()).length === 0) await wait(POLL_MS)
      await network[Symbol.asyncDispose]()
      assert.equal((await gone)[1], 'SIGKILL')
      await network[Symbol.asyncDispose]()
    })

    it('when they cannot be made', () => {
      assert.throws(() => new TestHosts(1, 300), /10\.77\.300\.5/)
    })

    it('by the next run, when theirs ended before', async () => {
      const dead = spawn('true')
      await once(dead, 'exit')
      const stale = `weir-${dead.pid}-0-router`
      run('ip', 'netns', 'add', stale)
      await using _ = new TestHosts(1)
      assert(!listNamespaces().includes(stale))
    })
  })

  describe('limits per subnet', () => {
    const v4 = SUBNET_LIMIT_DEFAULTS.v4[0]?.conns ?? Number.NaN
    const v6 = SUBNET_LIMIT_DEFAULTS.v6[0]?.conns ?? Number.NaN

    it('an IPv4 address has its connections, and leaves others theirs', async () => {
      await using network = new TestHosts(1, 1, 2, 3)
      const [a, neighbour, stranger, server] = network.hosts
      await using node = await WeirNode.start(server, `/ip4/${server.ip4}/tcp/0`)
      await using crowd = new NodesOnHost(a)
      await crowd.start({ count: v4 + 1 })
      const { connected, failed } = await crowd.dial(node.peer, node.addrs)
      assert.deepEqual([connected.length, failed.length], [v4, 1])
      await node.logged(new RegExp(`refused /ip4/${a.ip4}/tcp/.*\\n?.*${a.ip4}/32`))
      for (const host of [neighbour, stranger]) {
        await using other = new NodesOnHost(host)
        await other.start({})
        assert.deepEqual((await other.dial(node.peer, node.addrs)).failed, [])
        await node.connected(`/ip4/${host.ip4}/`)
      }
      assert.equal(node.countConnected(`/ip4/${a.ip4}/`), v4)
    })

    it('the hosts of an IPv6 /56 share theirs, and leave other subnets theirs', async () => {
      await using network = new TestHosts(1, 1, 2, 3)
      const [a, neighbour, stranger, server] = network.hosts
      await using node = await WeirNode.start(server, `/ip6/${server.ip6}/tcp/0`)
      await using crowd = new NodesOnHost(a)
      await crowd.start({ count: v6 - 1 })
      assert.deepEqual((await crowd.dial(node.peer, node.addrs)).failed, [])
      await using others = new NodesOnHost(neighbour)
      await others.start({ count: 2 })
      const { connected, failed } = await others.dial(node.peer, node.addrs)
      assert.deepEqual([connected.length, failed.length], [1, 1])
      await node.logged(new RegExp(`refused /ip6/${neighbour.ip6}/tcp/.*\\n?.*fd77:0:1::/56`))
      await using other = new NodesOnHost(stranger)
      await other.start({})
      assert.deepEqual((await other.dial(node.peer, node.addrs)).failed, [])
    })

    it('a connection that ends makes room', async () => {
      await using network = new TestHosts(1, 2)
      const [client, server] = network.hosts
      await using node = await WeirNode.start(server, `/ip4/${server.ip4}/tcp/0`)
      await using newcomer = new NodesOnHost(client)
      await newcomer.start({})
      {
        await using crowd = new NodesOnHost(client)
        await crowd.start({ count: v4 })
        assert.deepEqual((await crowd.dial(node.peer, node.addrs)).failed, [])
      }
      await node.disconnected(v4)
      assert.deepEqual((await newcomer.dial(node.peer, node.addrs)).failed, [])
    })

    it('loopback is free', async () => {
      await using network = new TestHosts(1)
      const [host] = network.hosts
      await using node = await WeirNode.start(host, '/ip4/127.0.0.1/tcp/0', '/ip6/::1/tcp/0')
      for (const addr of node.addrs) {
        await using crowd = new NodesOnHost(host)
        await crowd.start({ count: 2 * v4 })
        assert.deepEqual((await crowd.dial(node.peer, [addr])).failed, [])
      }
    })
  })

  describe('happy eyeballs', () => {
    async function dialledBoth (prepare: (client: TestHost, server: TestHost) => void): Promise<Dialled> {
      await using network = new TestHosts(1, 2)
      const [client, server] = network.hosts
      await using node = await WeirNode.start(server, `/ip4/${server.ip4}/tcp/0`, `/ip6/${server.ip6}/tcp/0`)
      assert.equal(node.addrs.length, 2)
      await using dialer = new NodesOnHost(client)
      await dialer.start({})
      prepare(client, server)
      const dialled = await dialer.dial(node.peer, node.addrs)
      assert.deepEqual([dialled.failed, dialled.connected.length], [[], 1])
      return dialled
    }

    it('IPv4 soon, where what is sent over IPv6 is lost', async () => {
      const { connected, tookMs } = await dialledBoth((_, server) => { server.blackhole(6) })
      assert.match(connected[0] ?? '', /^\/ip4\/10\.77\./)
      assert(tookMs < DIAL_TIMEOUT_MS, `${tookMs} ms: it waited for IPv6`)
    })

    it('IPv4 where there is no way over IPv6', async () => {
      const { connected } = await dialledBoth((client, server) => { client.loseRoute(server.ip6) })
      assert.match(connected[0] ?? '', /^\/ip4\/10\.77\./)
    })

    it('IPv6 where what is sent over IPv4 is lost', async () => {
      const { connected } = await dialledBoth((_, server) => { server.blackhole(4) })
      assert.match(connected[0] ?? '', /^\/ip6\/fd77:/)
    })
  })

  describe('reconnects', () => {
    for (const version of [4, 6] as const) {
      it(`both sides notice that the other is gone, and meet again: IPv${version}`, async () => {
        await using network = new TestHosts(1, 2)
        const [client, server] = network.hosts
        await using listener = new NodesOnHost(server)
        const { peer, addrs } = await listener.start({ listen: [`/ip${version}/${version === 4 ? server.ip4 : server.ip6}/tcp/0`], keepAliveMs: KEEP_ALIVE_MS })
        await using dialer = new NodesOnHost(client)
        await dialer.start({ keepAliveMs: KEEP_ALIVE_MS })
        for (let round = 0; round < 2; round++) {
          client.setLink('up')
          assert.deepEqual((await dialer.dial(peer, addrs)).failed, [])
          await dialer.process.ask('ping', { peer })
          client.setLink('down')
          await Promise.all([dialer.idle(), listener.idle()])
        }
      })
    }

    it('a link that is soon there again costs no connection', async () => {
      await using network = new TestHosts(1, 2)
      const [client, server] = network.hosts
      await using node = await WeirNode.start(server, `/ip4/${server.ip4}/tcp/0`)
      await using dialer = new NodesOnHost(client)
      await dialer.start({})
      assert.deepEqual((await dialer.dial(node.peer, node.addrs)).failed, [])
      client.setLink('down')
      client.setLink('up')
      await dialer.process.ask('ping', { peer: node.peer })
      assert.equal(node.countConnected(`/ip4/${client.ip4}/`), 1)
    })
  })

  describe('interop', function () {
    this.timeout(2 * IMPAIRED_ANSWER_WITHIN_MS)
    const PAIRS: readonly (readonly [PeerKind, PeerKind])[] = [['weir', 'go'], ['go', 'weir'], ['weir', 'js'], ['js', 'weir']]
    const NAMES = ['wrong id refused', 'connect', 'identify', 'ping', 'echo', '10 MiB + sha256', 'hang up']
    const checks = CHECKS.filter(({ name }) => NAMES.includes(name))
    let goBinary = ''
    let unimpaired: string | undefined

    after(() => {
      if (unimpaired !== undefined) process.stdout.write(`  without ${2 * IMPAIRMENT.delayMs} ms of delay and ${IMPAIRMENT.lossPercent} % of loss, which tc does not allow here: ${unimpaired}\n`)
    })

    before('build the peer', function () {
      this.timeout(PREPARE_WITHIN_MS)
      assert.equal(checks.length, NAMES.length)
      if (isGoInstalled()) goBinary = buildGoPeer()
    })

    for (const [dialer, listener] of PAIRS) {
      it(`${PEER_NAMES[dialer]} dials ${PEER_NAMES[listener]}`, async function () {
        if ((dialer === 'go' || listener === 'go') && !isGoInstalled()) this.skip()
        await using network = new TestHosts(1, 2)
        unimpaired ??= network.impair(IMPAIRMENT)
        const [a, b] = network.hosts
        const running = await startPair({ dialer, listener, goBinary: () => goBinary, hosts: { dialer: a, listener: b }, answerWithinMs: IMPAIRED_ANSWER_WITHIN_MS })
        await using ends = new AsyncDisposableStack()
        ends.defer(async () => { assert.deepEqual(await Promise.all([running.dialer.end(), running.listener.end()]), [0, 0]) })
        for (const check of checks) {
          try {
            await check.run(running)
          } catch (cause) {
            throw new Error(check.name, { cause })
          }
        }
      })
    }
  })
})
