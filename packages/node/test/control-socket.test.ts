import assert from 'node:assert/strict'
import { once } from 'node:events'
import { access, readFile, stat, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { ManualClock } from '@weir/compliance'
import { systemClock } from '@weir/network'
import { connectControl, type ControlClient } from '../src/control-client.ts'
import { openControlSocket } from '../src/control-socket.ts'
import { CONTROL_DEFAULTS, DATA_DIR_DEFAULTS } from '../src/defaults.ts'
import { ControlProtocolError, ControlRequestError, ControlSocketError } from '../src/errors.ts'
import { temporaryDir } from './temporary-dir.ts'

const HANDLERS = {
  add: ({ a, b }: Readonly<Record<string, unknown>>) => Number(a) + Number(b),
  limits: () => ({ streams: Infinity, tags: new Map([['a', 1]]) }),
  nothing: () => undefined,
  fail: async () => { throw Object.assign(new Error('not today'), { code: 'NOT_TODAY' }) },
  break: () => { throw new TypeError('broken') }
}

async function opened (path: string): Promise<ControlClient> {
  const client = await connectControl(path)
  assert.ok(client !== undefined)
  return client
}

async function raw (dir: string): Promise<Socket> {
  const socket = connect(join(dir, DATA_DIR_DEFAULTS.controlFile)).on('error', () => {})
  await once(socket, 'connect')
  return socket
}

async function lineOf (socket: Socket): Promise<unknown> {
  let text = ''
  while (!text.includes('\n')) text += String((await once(socket, 'data'))[0])
  return JSON.parse(text)
}

describe('control socket', () => {
  let dir: Awaited<ReturnType<typeof temporaryDir>>
  let server: AsyncDisposable

  beforeEach(async () => {
    dir = await temporaryDir()
    server = await openControlSocket({ path: join(dir.path, DATA_DIR_DEFAULTS.controlFile), handlers: HANDLERS, clock: systemClock })
  })

  afterEach(async () => {
    await server[Symbol.asyncDispose]()
    await dir[Symbol.asyncDispose]()
  })

  it('answers request after request', async () => {
    using client = await opened(dir.path)
    assert.equal(await client.request('add', { a: 1, b: 2 }), 3)
    assert.equal(await client.request('nothing'), null)
    assert.deepEqual(await client.request('limits'), { streams: 'unlimited', tags: { a: 1 } })
  })

  it('tells what a handler throws, with its code, and goes on', async () => {
    using client = await opened(dir.path)
    await assert.rejects(client.request('fail'), error => ControlRequestError.is(error) && error.remoteCode === 'NOT_TODAY' && error.message === 'not today')
    await assert.rejects(client.request('break'), error => ControlRequestError.is(error) && error.remoteCode === 'FAILED')
    for (const method of ['toString', '__proto__', 'constructor']) {
      await assert.rejects(client.request(method), error => ControlRequestError.is(error) && error.remoteCode === 'CONTROL_PROTOCOL')
    }
    assert.equal(await client.request('add', { a: 2, b: 2 }), 4)
  })

  it('has the numbers that its page says', async () => {
    const page = await readFile(new URL('../../../docs/CONTROL.md', import.meta.url), 'utf8')
    const { maxClients, maxLineBytes, idleMs } = CONTROL_DEFAULTS
    assert.ok(page.includes(`It takes ${maxClients} clients at once and requests of ${maxLineBytes.toLocaleString('en')} bytes; a client that says nothing or reads nothing for ${idleMs / 1_000} s is cut off. The name of the socket may be ${DATA_DIR_DEFAULTS.controlPathMaxBytes} bytes long.`))
  })

  it('is for its owner alone', async () => {
    assert.equal((await stat(join(dir.path, DATA_DIR_DEFAULTS.controlFile))).mode & 0o777, 0o600)
  })

  it('takes lines in pieces, and several at once', async () => {
    const socket = await raw(dir.path)
    for (const piece of ['{"id":7,"meth', 'od":"add","params":{"a":4', ',"b":5}}\n\n']) {
      socket.write(piece)
      await new Promise(resolve => setImmediate(resolve))
    }
    assert.deepEqual(await lineOf(socket), { id: 7, result: 9 })
    socket.write('{"id":1,"method":"fail"}\n{"id":2,"method":"add","params":{"a":1,"b":1}}\n')
    let text = ''
    while (text.split('\n').length < 3) text += String((await once(socket, 'data'))[0])
    assert.deepEqual(text.trim().split('\n').map(line => (JSON.parse(line) as { id: number }).id), [1, 2])
    socket.destroy()
  })

  for (const line of ['nonsense', '[]', 'null', '{"id":"1","method":"add"}', '{"id":1}', '{"id":1,"method":"add","params":[1]}', '{"id":1.5,"method":"add"}']) {
    it(`says that ${line} is no request`, async () => {
      const socket = await raw(dir.path)
      socket.write(`${line}\n`)
      const { id, error } = await lineOf(socket) as { id: null, error: { code: string } }
      assert.equal(id, null)
      assert.equal(error.code, 'CONTROL_PROTOCOL')
      socket.destroy()
    })
  }

  it('cuts off a line without an end', async () => {
    const socket = await raw(dir.path)
    socket.write(Buffer.alloc(CONTROL_DEFAULTS.maxLineBytes + 1, 0x20))
    const { error } = await lineOf(socket) as { error: { message: string } }
    assert.match(error.message, /longer than 65536 bytes/)
    await once(socket, 'close')
  })

  it('cuts off clients beyond their number', async () => {
    const clients = await Promise.all(Array.from({ length: CONTROL_DEFAULTS.maxClients }, async () => await opened(dir.path)))
    for (const client of clients) await client.request('nothing') // each is being served
    const late = await raw(dir.path)
    assert.match(JSON.stringify(await lineOf(late)), /too many clients/)
    if (!late.closed) await once(late, 'close')
    clients.pop()?.[Symbol.dispose]()
    while (true) {
      using again = await opened(dir.path)
      if (await again.request('nothing').then(() => true, () => false)) break
    }
    for (const client of clients) client[Symbol.dispose]()
  })

  it('rejects what waits when the node stops', async () => {
    using client = await opened(dir.path)
    await client.request('nothing')
    await server[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    await assert.rejects(client.request('nothing'), ControlProtocolError.is)
    assert.equal(await connectControl(dir.path), undefined)
    await assert.rejects(access(join(dir.path, DATA_DIR_DEFAULTS.controlFile)))
  })

  it('rejects with the reason of the signal', async () => {
    using client = await opened(dir.path)
    await assert.rejects(client.request('nothing', {}, { signal: AbortSignal.abort(new Error('no more')) }), /no more/)
  })

  it('replaces the socket of a node that died', async () => {
    await using other = await temporaryDir()
    const path = join(other.path, DATA_DIR_DEFAULTS.controlFile)
    await writeFile(path, '')
    assert.equal(await connectControl(other.path), undefined)
    await using _ = await openControlSocket({ path, handlers: HANDLERS, clock: systemClock })
    using client = await opened(other.path)
    assert.equal(await client.request('add', { a: 1, b: 1 }), 2)
  })

  it('says so when it cannot be made', async () => {
    await assert.rejects(openControlSocket({ path: join(dir.path, 'none', 'control.sock'), handlers: HANDLERS, clock: systemClock }), ControlSocketError.is)
  })

  it('refuses a name that the system would cut', async () => {
    await assert.rejects(connectControl(join('/tmp', 'x'.repeat(120))), error => ControlSocketError.is(error) && /shorter one/.test(error.message))
  })

  it('says so when something else answers', async () => {
    await using other = await temporaryDir()
    await using liar = createServer(socket => { socket.on('error', () => {}).once('data', () => { socket.write('"hello"\n') }) })
    liar.listen(join(other.path, DATA_DIR_DEFAULTS.controlFile))
    await once(liar, 'listening')
    using client = await opened(other.path)
    await assert.rejects(client.request('nothing'), ControlProtocolError.is)
  })

  it('cuts off who says nothing, or does not read, and leaves no timer', async () => {
    await using other = await temporaryDir()
    const clock = new ManualClock()
    let answers = 0
    const large = (): string => 'x'.repeat(1_000_000 + ++answers)
    await using quiet = await openControlSocket({ path: join(other.path, DATA_DIR_DEFAULTS.controlFile), handlers: { large }, clock })
    const silent = await raw(other.path)
    const deaf = (await raw(other.path)).pause()
    deaf.write('{"id":1,"method":"large"}\n'.repeat(20))
    for (let before = -1; answers !== before || answers === 0;) { // until the answers fill the socket
      before = answers
      for (let turn = 0; turn < 100; turn++) await new Promise(resolve => setImmediate(resolve))
    }
    assert.ok(answers < 20)
    assert.equal(clock.pendingTimers, 2)
    clock.advance(CONTROL_DEFAULTS.idleMs)
    await Promise.all([once(silent, 'close'), once(deaf.resume(), 'close')])
    await quiet[Symbol.asyncDispose]()
    assert.equal(clock.pendingTimers, 0)
  })
})
