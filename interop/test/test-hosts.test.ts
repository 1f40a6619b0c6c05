import assert from 'node:assert/strict'
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ZERO_SCOPE_STAT } from '@weir/network'
import { SUBNET_LIMIT_DEFAULTS } from '@weir/resource-manager'
import { CHECKS, type Running } from '../src/checks.ts'
import { buildGoPeer, isGoInstalled } from '../src/go-toolchain.ts'
import { listNamespaces, pidsIn, run, whyNoNamespaces } from '../src/namespaces.ts'
import { PeerProcess } from '../src/peer-process.ts'
import { PEER_NAMES, type PeerKind } from '../src/peers.ts'
import { startPair } from '../src/start-pair.ts'
import { type TestHost, TestHosts } from '../src/test-hosts.ts'
import { WeirNode } from '../src/weir-node.ts'

const NODES = fileURLToPath(new URL('../peer/nodes.ts', import.meta.url))
const PREPARE_WITHIN_MS = 15 * 60_000
const GONE_WITHIN_MS = 20_000
const POLL_MS = 50

/** Of one address to a private network: whoever waits for one that leads nowhere waits as long. @see SWARM_DEFAULTS.dialTimeoutLocalMs */
const DIAL_TIMEOUT_MS = 5_000
const KEEP_ALIVE_MS = 500

/** Half of it on the way out of each host: 60 ms there and back. */
const IMPAIRMENT = { delayMs: 30, lossPercent: 1 }
const IMPAIRED_ANSWER_WITHIN_MS = 180_000

interface Dialled {
  readonly connected: readonly string[]
  readonly failed: readonly string[]
  readonly tookMs: number
}

/** Weir nodes in a process on a host. */
class Nodes implements AsyncDisposable {
  readonly process: PeerProcess

  constructor (host: TestHost) {
    this.process = new PeerProcess('nodes', host.command([process.execPath, '--conditions=@weir/source', NODES]))
  }

  async start (init: { count?: number, listen?: string[], keepAliveMs?: number }): Promise<{ peer: string, addrs: string[] }> {
    return await this.process.ask('start', init)
  }

  async dial (peer: string, addrs: readonly string[]): Promise<Dialled> {
    return await this.process.ask('dial', { peer, addrs })
  }

  /** Waits until no connection is left. */
  async idle (): Promise<void> {
    const deadlineMs = performance.now() + GONE_WITHIN_MS
    for (let count = -1; count !== 0; await wait(POLL_MS)) {
      count = (await this.process.ask<{ count: number }>('conns')).count
      assert(performance.now() < deadlineMs, `${count} connections are still there after ${GONE_WITHIN_MS} ms`)
    }
    const inUse = async (): Promise<object> => await this.process.ask('in-use')
    for (let left = await inUse(); performance.now() < deadlineMs; left = await inUse()) {
      if (Object.values(left).every(value => value === 0)) break
      await wait(POLL_MS)
    }
    assert.deepEqual(await inUse(), ZERO_SCOPE_STAT)
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    assert.equal(await this.process.end(), 0, 'the nodes ended in an error')
  }
}

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
      await using crowd = new Nodes(a)
      await crowd.start({ count: v4 + 1 })
      const { connected, failed } = await crowd.dial(node.peer, node.addrs)
      assert.deepEqual([connected.length, failed.length], [v4, 1])
      await node.logged(new RegExp(`refused /ip4/${a.ip4}/tcp/.*\\n?.*${a.ip4}/32`))
      for (const host of [neighbour, stranger]) {
        await using other = new Nodes(host)
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
      await using crowd = new Nodes(a)
      await crowd.start({ count: v6 - 1 })
      assert.deepEqual((await crowd.dial(node.peer, node.addrs)).failed, [])
      await using others = new Nodes(neighbour)
      await others.start({ count: 2 })
      const { connected, failed } = await others.dial(node.peer, node.addrs)
      assert.deepEqual([connected.length, failed.length], [1, 1])
      await node.logged(new RegExp(`refused /ip6/${neighbour.ip6}/tcp/.*\\n?.*fd77:0:1::/56`))
      await using other = new Nodes(stranger)
      await other.start({})
      assert.deepEqual((await other.dial(node.peer, node.addrs)).failed, [])
    })

    it('a connection that ends makes room', async () => {
      await using network = new TestHosts(1, 2)
      const [client, server] = network.hosts
      await using node = await WeirNode.start(server, `/ip4/${server.ip4}/tcp/0`)
      await using newcomer = new Nodes(client)
      await newcomer.start({})
      {
        await using crowd = new Nodes(client)
        await crowd.start({ count: v4 })
        assert.deepEqual((await crowd.dial(node.peer, node.addrs)).failed, [])
      }
      assert.deepEqual((await newcomer.dial(node.peer, node.addrs)).failed, [])
    })

    it('loopback is free', async () => {
      await using network = new TestHosts(1)
      const [host] = network.hosts
      await using node = await WeirNode.start(host, '/ip4/127.0.0.1/tcp/0', '/ip6/::1/tcp/0')
      for (const addr of node.addrs) {
        await using crowd = new Nodes(host)
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
      await using dialer = new Nodes(client)
      await dialer.start({})
      prepare(client, server)
      const dialled = await dialer.dial(node.peer, node.addrs)
      assert.deepEqual([dialled.failed, dialled.connected.length], [[], 1])
      return dialled
    }

    it('IPv6 where it works', async () => {
      const { connected } = await dialledBoth(() => {})
      assert.match(connected[0] ?? '', /^\/ip6\/fd77:/)
    })

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
        await using listener = new Nodes(server)
        const { peer, addrs } = await listener.start({ listen: [`/ip${version}/${version === 4 ? server.ip4 : server.ip6}/tcp/0`], keepAliveMs: KEEP_ALIVE_MS })
        await using dialer = new Nodes(client)
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
      await using dialer = new Nodes(client)
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

    before('build the peer', function () {
      this.timeout(PREPARE_WITHIN_MS)
      assert.equal(checks.length, NAMES.length)
      if (isGoInstalled()) goBinary = buildGoPeer()
    })

    for (const [dialer, listener] of PAIRS) {
      describe(`${PEER_NAMES[dialer]} dials ${PEER_NAMES[listener]}`, () => {
        let network: TestHosts<[number, number]>
        let running: Running | undefined

        before('start both', async function () {
          if ((dialer === 'go' || listener === 'go') && !isGoInstalled()) this.skip()
          network = new TestHosts(1, 2)
          const problem = network.impair(IMPAIRMENT)
          if (problem !== undefined) process.stdout.write(`  without ${2 * IMPAIRMENT.delayMs} ms of delay and ${IMPAIRMENT.lossPercent} % of loss: ${problem}\n`)
          const [a, b] = network.hosts
          running = await startPair({ dialer, listener, goBinary: () => goBinary, hosts: { dialer: a, listener: b }, answerWithinMs: IMPAIRED_ANSWER_WITHIN_MS })
        })

        after(async () => {
          await Promise.all([running?.dialer.end(), running?.listener.end()])
          await network?.[Symbol.asyncDispose]()
        })

        it('the basic checks', async () => {
          assert(running !== undefined)
          for (const check of checks) {
            try {
              await check.run(running)
            } catch (cause) {
              throw new Error(check.name, { cause })
            }
          }
          assert.deepEqual(await Promise.all([running.dialer.end(), running.listener.end()]), [0, 0])
        })
      })
    }
  })
})
