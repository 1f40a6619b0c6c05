import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { METRICS_SERVER_DEFAULTS, type MetricsServer, MetricsServerError, serveMetrics, type ServeMetricsInit } from '../src/index.ts'

const REGISTRY = { metrics: async () => 'a 1\n', contentType: 'text/plain; version=0.0.4; charset=utf-8' } as const

async function served (registry: ServeMetricsInit['registry'] = REGISTRY, init: Partial<ServeMetricsInit> = {}): Promise<MetricsServer> {
  return await serveMetrics({ host: '127.0.0.1', port: 0, registry, ...init })
}

/** A client that speaks for itself. */
async function raw ({ url }: MetricsServer): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).on('error', () => {})
  await once(socket, 'connect')
  return socket
}

async function allOf (socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', chunk => { text += String(chunk) })
  if (!socket.closed) await new Promise(resolve => { socket.once('close', resolve) })
  return text
}

describe('serveMetrics', () => {
  it('answers a scrape with what the registry says at that moment', async () => {
    let scrapes = 0
    await using server = await served({ ...REGISTRY, metrics: async () => `a ${++scrapes}\n` })
    for (const expected of ['a 1\n', 'a 2\n']) {
      const response = await fetch(`${server.url}?from=test`)
      assert.deepEqual([response.status, response.headers.get('content-type'), await response.text()], [200, REGISTRY.contentType, expected])
    }
  })

  it('refuses everything else, and reads nothing of it', async () => {
    await using server = await served()
    const wrong = await fetch(new URL('/', server.url))
    assert.deepEqual([wrong.status, await wrong.text()], [404, 'metrics are at /metrics\n'])
    const post = await fetch(server.url, { method: 'POST', body: 'x' })
    assert.deepEqual([post.status, post.headers.get('allow'), await post.text()], [405, 'GET', 'metrics can only be read\n'])
  })

  it('says so when the metrics cannot be collected, and goes on', async () => {
    let broken = true
    const errors: unknown[] = []
    await using server = await served({ ...REGISTRY, async metrics () { if (broken) throw new Error('broken'); return 'a 1\n' } }, { onError: error => { errors.push(error) } })
    const response = await fetch(server.url)
    assert.deepEqual([response.status, await response.text()], [500, 'the metrics could not be collected\n'])
    assert.deepEqual(errors.map(String), ['Error: broken'])
    broken = false
    assert.equal(await (await fetch(server.url)).text(), 'a 1\n')
    const silent = await served({ ...REGISTRY, metrics: async () => { throw new Error('broken') } })
    assert.equal((await fetch(silent.url)).status, 500)
    await silent[Symbol.asyncDispose]()
  })

  it('cuts off clients beyond the limit, and serves again when one has gone', async () => {
    await using server = await served(REGISTRY, { maxConnections: 2 })
    const clients = await Promise.all([raw(server), raw(server)])
    const beyond = await raw(server)
    assert.equal(await allOf(beyond), '')
    clients[0].destroy()
    for (let status = 0; status !== 200;) status = await fetch(server.url).then(({ status }) => status, () => 0)
    for (const client of clients) client.destroy()
  })

  it('cuts off a request that is too large', async () => {
    await using server = await served()
    const socket = await raw(server)
    socket.write(`GET /metrics HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(METRICS_SERVER_DEFAULTS.maxHeaderBytes)}\r\n\r\n`)
    assert.match(await allOf(socket), /^HTTP\/1\.1 431 /)
  })

  it('cuts off who says nothing, and who does not finish', async () => {
    await using silent = await served(REGISTRY, { idleMs: 50 })
    assert.equal(await allOf(await raw(silent)), '')
    await using slow = await served(REGISTRY, { requestTimeoutMs: 50 })
    const socket = await raw(slow)
    socket.write('GET /metrics HTTP/1.1\r\nHost:')
    assert.match(await allOf(socket), /^HTTP\/1\.1 408 /)
  })

  it('cuts off who does not read', async () => {
    await using server = await served({ ...REGISTRY, metrics: async () => 'a'.repeat(64 << 20) }, { idleMs: 200 })
    const socket = await raw(server)
    socket.pause()
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'readable')
    await new Promise(resolve => { setTimeout(resolve, 600) })
    assert((await allOf(socket)).length < 64 << 20)
  })

  it('cuts off what is no HTTP', async () => {
    await using server = await served()
    const socket = await raw(server)
    socket.write('\x00\x01\x02\r\n\r\n')
    assert.match(await allOf(socket), /^HTTP\/1\.1 400 /)
  })

  it('ends with all its clients, once and again', async () => {
    const asked = Promise.withResolvers<void>()
    const server = await served({
      ...REGISTRY,
      metrics () {
        asked.resolve()
        return new Promise<string>(() => {})
      }
    })
    const idle = await raw(server)
    const waiting = await raw(server)
    waiting.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    const ends = Promise.all([allOf(idle), allOf(waiting)])
    await asked.promise
    await server[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
    assert.deepEqual(await ends, ['', ''])
    await assert.rejects(fetch(server.url))
  })

  it('says which address does not work', async () => {
    await using server = await served()
    const port = Number(new URL(server.url).port)
    await assert.rejects(serveMetrics({ host: '127.0.0.1', port, registry: REGISTRY }), (error: unknown) => MetricsServerError.is(error) && error.port === port && /EADDRINUSE/.test(error.message))
    await assert.rejects(serveMetrics({ host: '192.0.2.1', port: 0, registry: REGISTRY }), { code: 'METRICS_SERVER', host: '192.0.2.1' })
  })

  it('writes an IPv6 address as a URL does', async () => {
    await using server = await serveMetrics({ host: '::1', port: 0, registry: REGISTRY })
    assert.match(server.url, /^http:\/\/\[::1\]:\d+\/metrics$/)
    assert.equal((await fetch(server.url)).status, 200)
  })
})
