import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createConnection, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { assertOneLine, LOOPBACK, startNode, Weir, weir } from './start-weir.ts'
import { temporaryDir } from './temporary-dir.ts'

describe('weir node', function () {
  this.timeout(60_000)

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`prints its addresses, makes its key, and ends with exit code 0 at ${signal}`, async () => {
      await using dir = await temporaryDir()
      const data = join(dir.path, 'data')
      await using started = await startNode(data)
      assert.match(started.node.stdout, new RegExp(`^node ${started.peer}, data in ${data}$`, 'm'))
      assert.equal((await stat(join(data, 'identity.key'))).mode & 0o777, 0o600)
      const { code, stderr, ms } = await started.node.end(signal)
      assert.equal(code, 0)
      assert.equal(stderr, '')
      assert.ok(ms < 3_000, `${ms} ms`)
      assert.deepEqual((await readdir(data)).sort(), ['identity.key', 'rules'], 'the lock is released')
    })
  }

  it('is the same peer each time, and the one that `weir id` names beside it', async () => {
    await using dir = await temporaryDir()
    await using first = await startNode(dir.path)
    assert.equal((await weir('id', '--data', dir.path)).stdout, `${first.peer}\n`)
    await first.node.end('SIGTERM')
    await using second = await startNode(dir.path)
    assert.equal(second.peer, first.peer)
  })

  it('keeps its things in the home directory when nothing else is said, and listens on all interfaces', async () => {
    await using home = await temporaryDir()
    await using node = new Weir(['node'], { HOME: home.path })
    await node.sees(/^listening on \/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\//m)
    assert.deepEqual((await readdir(join(home.path, '.weir'))).sort(), ['control.sock', 'identity.key', 'lock', 'rules'])
    assert.doesNotMatch(node.stdout, /0\.0\.0\.0/)
    assert.equal((await node.end('SIGINT')).code, 0)
  })

  it('connects to peers, logs connections with their direction, and closes them at SIGTERM', async () => {
    await using dir = await temporaryDir()
    await using a = await startNode(join(dir.path, 'a'))
    await using b = await startNode(join(dir.path, 'b'), '--peer', a.address)
    await b.node.sees(new RegExp(`^connected: ${a.peer} at \\S+ \\(outbound\\)$`, 'm'))
    await a.node.sees(new RegExp(`^connected: ${b.peer} at \\S+ \\(inbound\\)$`, 'm'))
    const ended = await b.node.end('SIGTERM')
    assert.equal(ended.code, 0)
    assert.ok(ended.ms < 3_000, `${ended.ms} ms`)
    assert.match(ended.stdout, new RegExp(`^disconnected: ${a.peer} at \\S+ \\(outbound\\)`, 'm'))
    await a.node.sees(new RegExp(`^disconnected: ${b.peer} at \\S+ \\(inbound\\)`, 'm'))
    assert.equal((await a.node.end('SIGTERM')).code, 0)
    assert.equal(a.node.stderr + b.node.stderr, '')
  })

  it('reports a peer that cannot be reached, and goes on', async () => {
    await using dir = await temporaryDir()
    await using gone = await startNode(join(dir.path, 'a'))
    await gone.node.end('SIGTERM')
    await using b = await startNode(join(dir.path, 'b'), '--peer', gone.address)
    const [line] = await b.node.sees(/^cannot connect to .*\n/m, 'stderr')
    assert.match(line, /nobody listens there/)
    assert.equal(b.node.stderr, line)
    assert.equal((await weir('ping', b.address, '--count', '1')).code, 0)
    assert.equal((await b.node.end('SIGTERM')).code, 0)
  })

  it('serves metrics where it is told, and says so', async () => {
    await using dir = await temporaryDir()
    await using started = await startNode(dir.path, '--metrics', '0')
    const [, url = ''] = await started.node.sees(/^metrics at (http:\/\/127\.0\.0\.1:[1-9]\d*\/metrics)$/m)
    assert.match(await (await fetch(url)).text(), /^libp2p_rcmgr_limit\{scope="system",resource="conns"\} \d+$/m)
    assert.equal((await started.node.end('SIGTERM')).code, 0)
    const wrong = await weir('node', '--data', dir.path, ...LOOPBACK, '--metrics', 'nowhere')
    assert.equal(wrong.code, 2)
    assertOneLine(wrong, /"nowhere" is no address to serve metrics on/)
  })

  it('is refused on a directory where one runs, with the process of that', async () => {
    await using dir = await temporaryDir()
    await using first = await startNode(dir.path)
    const second = await weir('node', '--data', dir.path, ...LOOPBACK)
    assert.equal(second.code, 3)
    assertOneLine(second, new RegExp(`in use by process ${first.node.child.pid}\\b`))
    assert.equal((await first.node.end('SIGTERM')).code, 0)
  })

  it('clears the lock of one that was killed', async () => {
    await using dir = await temporaryDir()
    await using first = await startNode(dir.path)
    assert.equal((await first.node.end('SIGKILL')).signal, 'SIGKILL')
    assert.deepEqual((await readdir(dir.path)).sort(), ['control.sock', 'identity.key', 'lock', 'rules'])
    await using second = await startNode(dir.path)
    assert.equal(second.peer, first.peer)
  })

  it('says so when the port is in use, and leaves no lock', async () => {
    await using dir = await temporaryDir()
    await using server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const ended = await weir('node', '--data', dir.path, '--listen', `/ip4/127.0.0.1/tcp/${port}`)
    assert.equal(ended.code, 5)
    assertOneLine(ended, new RegExp(`/ip4/127\\.0\\.0\\.1/tcp/${port}.*the port is in use`))
    assert.deepEqual((await readdir(dir.path)).sort(), ['identity.key', 'rules'])
  })

  it('says so also when another of its addresses works', async () => {
    await using dir = await temporaryDir()
    await using server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const ended = await weir('node', '--data', dir.path, ...LOOPBACK, '--listen', `/ip4/127.0.0.1/tcp/${port}`)
    assert.equal(ended.code, 5)
    assertOneLine(ended, /the port is in use/)
  })

  it('refuses a key file that others may read, and says what to do', async () => {
    await using dir = await temporaryDir()
    const keyFile = join(dir.path, 'identity.key')
    await weir('id', '--data', dir.path)
    await chmod(keyFile, 0o644)
    const ended = await weir('node', '--data', dir.path, ...LOOPBACK)
    assert.equal(ended.code, 4)
    assertOneLine(ended, new RegExp(`chmod 600 ${keyFile}`))
    assert.equal((await stat(keyFile)).mode & 0o777, 0o644, 'what to do about it is not for us to decide')
  })

  it('refuses a damaged key file, shows nothing of it and leaves it alone', async () => {
    await using dir = await temporaryDir()
    const keyFile = join(dir.path, 'identity.key')
    await writeFile(keyFile, 'correct horse battery staple', { mode: 0o600 })
    for (const args of [[], ['--verbose'], ['--json']]) {
      const ended = await weir('node', '--data', dir.path, ...LOOPBACK, ...args)
      assert.equal(ended.code, 4)
      assert.doesNotMatch(ended.stdout + ended.stderr, /horse/)
      if (args.length === 0) assertOneLine(ended, /holds no private key/)
    }
    assert.equal(await readFile(keyFile, 'utf8'), 'correct horse battery staple')
  })

  it('refuses a data directory that cannot be one', async () => {
    await using dir = await temporaryDir()
    const file = join(dir.path, 'file')
    await writeFile(file, '')
    const ended = await weir('node', '--data', file, ...LOOPBACK)
    assert.equal(ended.code, 3)
    assertOneLine(ended, new RegExp(`^weir: the data directory ${file} cannot be used: something else is in its place\\n$`))
  })

  it('talks within a private network to those that have its key, and to nobody else', async () => {
    await using dir = await temporaryDir()
    const psk = join(dir.path, 'swarm.key')
    await writeFile(psk, `/key/swarm/psk/1.0.0/\n/base16/\n${'0123456789abcdef'.repeat(4)}\n`)
    await using a = await startNode(join(dir.path, 'a'), '--psk', psk)
    await using b = await startNode(join(dir.path, 'b'), '--psk', psk, '--peer', a.address)
    await b.node.sees(new RegExp(`^connected: ${a.peer}`, 'm'))
    assert.equal((await weir('ping', a.address, '--count', '1', '--psk', psk)).code, 0)
    await using stranger = await startNode(join(dir.path, 'c'), '--peer', a.address)
    await stranger.node.sees(/^cannot connect to /m, 'stderr')
    assert.doesNotMatch(a.node.stdout, new RegExp(stranger.peer))
    const empty = join(dir.path, 'empty')
    await writeFile(empty, '')
    for (const [path, pattern] of [[empty, /no pre-shared key/], [join(dir.path, 'none'), /no such file/]] as const) {
      const ended = await weir('node', '--data', join(dir.path, 'd'), '--psk', path)
      assert.equal(ended.code, 4)
      assertOneLine(ended, pattern)
    }
  })

  it('writes lines of JSON with --json', async () => {
    await using dir = await temporaryDir()
    await using a = new Weir(['node', '--json', '--data', join(dir.path, 'a'), ...LOOPBACK])
    const [, address = ''] = await a.sees(/"event":"listening","address":"([^"]+)"/)
    await using b = new Weir(['node', '--data', join(dir.path, 'b'), ...LOOPBACK, '--peer', address, '/ip4/127.0.0.1/tcp/1/p2p/12D3KooWQRyRsSm3Ng4vwDUNYYCM9jEo4JKdtDNNvqBBxwc8HQUQ', '--json'])
    await a.sees(/"event":"connected"/)
    await b.sees(/"event":"peer-failed"/, 'stderr')
    await b.end('SIGTERM')
    await a.sees(/"event":"disconnected"/)
    await a.end('SIGTERM')
    const [started, listening, connected, disconnected, stopping] = a.events()
    assert.deepEqual(a.events().map(({ event }) => event), ['started', 'listening', 'connected', 'disconnected', 'stopping'])
    assert.deepEqual(started, { event: 'started', peer: address.split('/p2p/')[1], dataDir: join(dir.path, 'a'), addresses: [address] })
    assert.deepEqual(listening, { event: 'listening', address })
    assert.equal(connected?.direction, 'inbound')
    assert.equal(disconnected?.conn, connected?.conn)
    assert.deepEqual(stopping, { event: 'stopping' })
    assert.equal((JSON.parse(b.stderr) as { event: string }).event, 'peer-failed')
  })

  it('stops when whoever reads its output goes away', async () => {
    await using dir = await temporaryDir()
    await using a = await startNode(join(dir.path, 'a'))
    a.node.child.stdout?.destroy()
    await weir('ping', a.address, '--count', '1') // something to write about
    const { code, signal } = await a.node.ended
    assert.deepEqual({ code, signal }, { code: 0, signal: null })
  })

  it('survives strangers that talk nonsense, and ends in time with everything in full flow', async () => {
    await using dir = await temporaryDir()
    await using a = await startNode(dir.path)
    const port = Number(/tcp\/(\d+)/.exec(a.address)?.[1])
    const dial = (): Socket => createConnection(port, '127.0.0.1').on('error', () => {}).resume()
    const nonsense = [randomBytes(1_000), Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.from('\u0013/multistream/1.0.0\n'), Buffer.alloc(100_000, 0xff)]
    const sockets = Array.from({ length: 40 }, (_, i) => {
      const socket = dial()
      socket.write(nonsense[i % 5] ?? '')
      if (i % 3 === 0) socket.end()
      if (i % 3 === 1) socket.destroySoon()
      return socket // the others stay open, one in five without a word
    })
    await using perf = new Weir(['perf', a.address, '--upload', '100GiB'])
    await using ping = new Weir(['ping', a.address, '--count', '1000'])
    await ping.sees(/^1: /m)
    await a.node.sees(/^connected: .*\n(.*\n)*connected: /m)
    const { code, stderr, ms } = await a.node.end('SIGTERM')
    for (const socket of sockets) socket.destroy()
    assert.equal(stderr, '')
    assert.equal(code, 0)
    assert.ok(ms < 3_000, `${ms} ms`)
    assert.deepEqual((await readdir(dir.path)).sort(), ['identity.key', 'rules'])
    assert.equal((await perf.ended).code, 6)
  })

  it('exits at once at a second signal', async () => {
    await using dir = await temporaryDir()
    await using a = await startNode(dir.path)
    a.node.child.kill('SIGSTOP') // so that it has not ended by the first when the second comes
    a.node.child.kill('SIGINT')
    a.node.child.kill('SIGTERM')
    const { code } = await a.node.end('SIGCONT')
    assert.ok(code === 143 || code === 130, `exit code ${code}`) // the system does not say which of two that wait comes first
    await using again = await startNode(dir.path)
    assert.equal(again.peer, a.peer)
  })

  for (const bug of ["throw new Error('a bug')", "Promise.reject(new Error('a bug'))"]) {
    it(`ends with one line at an error that nobody caught: ${bug}`, async () => {
      await using dir = await temporaryDir()
      const program = `process.on('SIGUSR2', () => { ${bug} })`
      await using node = new Weir(['node', '--data', dir.path, ...LOOPBACK], { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(program)}` })
      await node.sees(/^listening on /m)
      const { code, stderr } = await node.end('SIGUSR2')
      assert.equal(code, 1)
      assert.equal(stderr, 'weir: a bug\n')
    })
  }

  it('stops cleanly also when the signal comes while it starts', async () => {
    for (const delayMs of [150, 300, 450, 600]) {
      await using dir = await temporaryDir()
      await using node = new Weir(['node', '--data', dir.path, ...LOOPBACK])
      await new Promise(resolve => setTimeout(resolve, delayMs))
      const { code, signal } = await node.end('SIGTERM')
      assert.ok(code === 0 || (signal === 'SIGTERM' && node.stdout === ''), `code ${code}, signal ${signal} after ${delayMs} ms`) // before the program has its first line run, the signal is the system's
      assert.ok(!(await readdir(dir.path)).includes('lock'))
    }
  })
})
