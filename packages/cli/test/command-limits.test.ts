import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nodePlan } from '@weir/node'
import { assertOneLine, startNode, Weir, weir } from './start-weir.ts'
import { temporaryDir } from './temporary-dir.ts'

const { worstCase } = nodePlan({ budget: { memoryBytes: 536_870_912, numFd: 1_024 } })

describe('weir limits', function () {
  this.timeout(60_000)

  it('prints the plan for what the network may use, with the worst case in bytes', async () => {
    const { code, stdout, stderr } = await weir('limits', '--memory', '512MiB', '--fds', '1024')
    assert.equal(code, 0)
    assert.equal(stderr, '')
    assert.match(stdout, /^budget {11}512 MiB, 1024 file descriptors\nsystem {11}176 connections \(88 in, 176 out\), /)
    assert.match(stdout, /^trimmed +from 79 connections on, down to 63$/m)
    assert.match(stdout, new RegExp(`^worst case in bytes: ${worstCase.totalBytes}$`, 'm'))
    assert.ok(worstCase.totalBytes > 536_870_912 && worstCase.totalBytes < 1.5 * 536_870_912, 'what is reserved nowhere is the smaller part')
  })

  it('is one event as JSON, whose limits are a file for --limits', async () => {
    await using dir = await temporaryDir()
    const file = join(dir.path, 'limits.json')
    await writeFile(file, '{"System":{"Conns":20,"Memory":"unlimited"}}')
    const first = await weir('limits', '--json', '--memory', '512MiB', '--fds', '1024', '--limits', file)
    const { limits, ...rest } = JSON.parse(first.stdout) as { limits: { System: object, Service: object } }
    assert.deepEqual(rest, {
      event: 'limits', memoryBytes: 536_870_912, fds: 1_024, lowWater: 14, highWater: 18,
      worstCaseBytes: 'unlimited', worstCaseFds: worstCase.fds, reservedBytes: 'unlimited', allowlistedBytes: worstCase.allowlistedBytes
    })
    assert.deepEqual(limits.System, { Streams: 2_816, StreamsInbound: 1_408, StreamsOutbound: 2_816, Conns: 20, ConnsInbound: 88, ConnsOutbound: 176, FD: 1_024, Memory: 'unlimited' })
    assert.ok('libp2p.ping' in limits.Service)
    await writeFile(file, JSON.stringify(limits))
    assert.equal((await weir('limits', '--json', '--memory', '512MiB', '--fds', '1024', '--limits', file)).stdout, first.stdout)
  })

  it('is made for this machine when nothing is said', async () => {
    const { code, stdout } = await weir('limits')
    assert.equal(code, 0)
    assert.match(stdout, /^worst case in bytes: \d+$/m)
  })

  const bad: Array<[string, string, RegExp]> = [
    ['a misspelt key', '{"System":{"Conn":1}}', /System\.Conn\b/],
    ['a negative number', '{"Protocol":{"/ipfs/ping/1.0.0":{"Memory":-1}}}', /Protocol\["\/ipfs\/ping\/1\.0\.0"\]\.Memory/],
    ['no JSON', '{"System":', /the limits: are no JSON/],
    ['limits that cannot hold', '{"PeerDefault":{"Memory":1000}}', /PeerDefault\.Memory is 1000/]
  ]
  for (const [name, text, pattern] of bad) {
    it(`says in one line where ${name} is, and so does weir node`, async () => {
      await using dir = await temporaryDir()
      const file = join(dir.path, 'limits.json')
      await writeFile(file, text)
      for (const args of [['limits'], ['node', '--data', join(dir.path, 'data')]]) {
        const ended = await weir(...args, '--limits', file)
        assert.equal(ended.code, 8)
        assertOneLine(ended, pattern)
      }
    })
  }

  it('says that there is no such file', async () => {
    const ended = await weir('limits', '--limits', '/nowhere/limits.json', '--json')
    assert.equal(ended.code, 8)
    assert.deepEqual(JSON.parse(ended.stderr), { event: 'error', code: 'LIMITS_FILE', exitCode: 8, message: 'cannot use the limits in /nowhere/limits.json: there is no such file' })
  })
})

describe('weir node --limits', function () {
  this.timeout(60_000)

  it('refuses by them, and goes on', async () => {
    await using dir = await temporaryDir()
    const file = join(dir.path, 'limits.json')
    await writeFile(file, '{"System":{"ConnsInbound":1}}')
    await using limited = await startNode(join(dir.path, 'a'), '--limits', file)
    await using first = new Weir(['node', '--data', join(dir.path, 'b'), '--listen', '/ip4/127.0.0.1/tcp/0', '--peer', limited.address])
    await first.sees(/^connected: /m)
    const refused = await weir('ping', limited.address, '--count', '1')
    assert.equal(refused.code, 6)
    await first.end('SIGTERM')
    await limited.node.sees(/^disconnected: /m)
    assert.equal((await weir('ping', limited.address, '--count', '1')).code, 0)
    assert.equal((await limited.node.end('SIGTERM')).code, 0)
  })
})
