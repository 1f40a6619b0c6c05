import assert from 'node:assert/strict'
import { assertOneLine, startNode, Weir, weir } from './start-weir.ts'
import { temporaryDir } from './temporary-dir.ts'

describe('weir ping', function () {
  this.timeout(60_000)

  it('prints round trips and sums up', async () => {
    await using dir = await temporaryDir()
    await using target = await startNode(dir.path)
    const { code, stdout, stderr } = await weir('ping', target.address, '--count', '2')
    assert.equal(stderr, '')
    assert.equal(code, 0)
    assert.match(stdout, new RegExp(`^1: [\\d.]+ ms\\n2: [\\d.]+ ms\\n2 of 2 pings to ${target.peer} answered: fastest [\\d.]+ ms, average [\\d.]+ ms, slowest [\\d.]+ ms\\n$`))
    await target.node.sees(/^disconnected: /m)
  })

  it('writes lines of JSON with --json, and uses a new key each time', async () => {
    await using dir = await temporaryDir()
    await using target = await startNode(dir.path)
    for (let run = 0; run < 2; run++) {
      await using command = new Weir(['--json', 'ping', target.address, '--count', '1'])
      assert.equal((await command.ended).code, 0)
      const [ping, summary, ...rest] = command.events()
      assert.deepEqual(rest, [])
      assert.deepEqual({ ...ping, rttMs: 1 }, { event: 'ping', peer: target.peer, n: 1, rttMs: 1 })
      assert.deepEqual(summary, { event: 'ping-summary', peer: target.peer, sent: 1, answered: 1, minMs: ping?.rttMs, averageMs: ping?.rttMs, maxMs: ping?.rttMs })
    }
    await target.node.sees(/^connected: .*\n(.*\n)*connected: /m) // what it printed comes by a pipe of its own
    const peers = [...target.node.stdout.matchAll(/^connected: (\S+)/gm)].map(([, peer]) => peer)
    assert.equal(new Set(peers).size, 2)
  })

  it('is ended by a signal, with what there is', async () => {
    await using dir = await temporaryDir()
    await using target = await startNode(dir.path)
    await using command = new Weir(['ping', target.address, '--count', '1000'])
    await command.sees(/^1: /m)
    const { code, stdout, stderr, ms } = await command.end('SIGINT')
    assert.equal(code, 0)
    assert.equal(stderr, '')
    assert.match(stdout, /\d of \d pings .* answered/)
    assert.ok(ms < 3_000)
  })

  it('fails when nobody is there', async () => {
    await using dir = await temporaryDir()
    await using target = await startNode(dir.path)
    await target.node.end('SIGTERM')
    const ended = await weir('ping', target.address)
    assert.equal(ended.code, 6)
    assertOneLine(ended, /nobody listens there/)
  })

  it('fails when somebody else is there', async () => {
    await using dir = await temporaryDir()
    await using target = await startNode(dir.path)
    const other = '12D3KooWQRyRsSm3Ng4vwDUNYYCM9jEo4JKdtDNNvqBBxwc8HQUQ'
    const ended = await weir('ping', target.address.replace(target.peer, other))
    assert.equal(ended.code, 6)
    assertOneLine(ended, new RegExp(target.peer))
  })
})
