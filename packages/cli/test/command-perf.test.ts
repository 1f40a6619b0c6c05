import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { assertOneLine, startNode, Weir, weir } from './start-weir.ts'
import { temporaryDir } from './temporary-dir.ts'

describe('weir perf', function () {
  this.timeout(60_000)

  it('prints how fast it went', async () => {
    await using dir = await temporaryDir()
    await using target = await startNode(dir.path)
    const { code, stdout, stderr } = await weir('perf', target.address, '--upload', '2MiB', '--download', '3MiB')
    assert.equal(stderr, '')
    assert.equal(code, 0)
    assert.match(stdout, new RegExp(`^${target.peer}: up 2\\.0 MiB in \\d+ ms \\([\\d.]+ MiB/s\\), down 3\\.0 MiB in \\d+ ms \\([\\d.]+ MiB/s\\)\\n$`))
  })

  it('writes a line of JSON with --json', async () => {
    await using dir = await temporaryDir()
    await using target = await startNode(dir.path)
    await using command = new Weir(['perf', target.address, '--upload', '100000', '--download', '0', '--json'])
    assert.equal((await command.ended).code, 0)
    const [result = {}] = command.events()
    const { uploadMs, downloadMs, ...rest } = result
    assert.deepEqual(rest, { event: 'perf', peer: target.peer, uploadBytes: 100_000, downloadBytes: 0 })
    assert.ok(Number(uploadMs) > 0 && Number(downloadMs) >= 0)
  })

  it('waits for a node that may send only so much in a second', async () => {
    await using dir = await temporaryDir()
    await using target = await startNode(dir.path, '--max-upload', '64KiB')
    await using command = new Weir(['perf', target.address, '--upload', '0', '--download', '200KiB', '--json'])
    assert.equal((await command.ended).code, 0)
    assert.ok(Number(command.events()[0]?.downloadMs) > 1_000) // however fast the machine
  })

  it('stopped by a signal before it is done has a code of its own', async () => {
    await using dir = await temporaryDir()
    await using target = await startNode(dir.path)
    await using command = new Weir(['perf', target.address, '--upload', '100GiB'])
    await target.node.sees(/^connected: /m)
    const ended = await command.end('SIGTERM')
    assert.equal(ended.code, 7)
    assert.ok(ended.ms < 3_000)
    assertOneLine(ended, /interrupted/)
  })

  it('fails when the other side is no libp2p node', async () => {
    await using server = createServer(socket => { socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n') }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const ended = await weir('perf', `/ip4/127.0.0.1/tcp/${port}/p2p/12D3KooWQRyRsSm3Ng4vwDUNYYCM9jEo4JKdtDNNvqBBxwc8HQUQ`)
    assert.equal(ended.code, 6)
    assertOneLine(ended, /cannot measure the throughput to/)
  })
})
