import assert from 'node:assert/strict'
import { multiplexerCases } from '@weir/compliance'
import type { Multiplexer, MuxedConn, MuxedStream, PeerScope, ResourceScopeSpan, SecureConn } from '@weir/network'
import { yamux } from '../src/index.ts'

/** A copy of something with some of its methods replaced. */
function but<T extends object> (whole: T, methods: (whole: T) => Partial<T>): T {
  const replaced = methods(whole)
  return new Proxy(whole, {
    get (target, key) {
      if (Object.hasOwn(replaced, key)) return Reflect.get(replaced, key)
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    }
  })
}

interface Broken {
  readonly below?: (conn: SecureConn) => Partial<SecureConn>
  readonly span?: (span: ResourceScopeSpan) => Partial<ResourceScopeSpan>
  readonly conn?: (conn: MuxedConn) => Partial<MuxedConn>
  readonly stream?: (stream: MuxedStream, conn: MuxedConn) => Partial<MuxedStream>
}

/** Our multiplexer, broken on purpose. */
function broken ({ below = () => ({}), span = () => ({}), conn = () => ({}), stream = () => ({}) }: Broken): Multiplexer {
  return {
    protocol: '/yamux/1.0.0',
    newConn (lower, isServer, scope) {
      const brokenScope: PeerScope = but<PeerScope>(scope, whole => ({ beginSpan: () => but(whole.beginSpan(), span) }))
      const made = yamux().newConn(but(lower, below), isServer, brokenScope)
      const withStreams = but<MuxedConn>(made, whole => ({
        openStream: async options => but(await whole.openStream(options), each => stream(each, whole)),
        acceptStream: async options => but(await whole.acceptStream(options), each => stream(each, whole))
      }))
      return but(withStreams, conn)
    }
  }
}

// Each way to break a multiplexer, and one case that must find it.
const FOUND: Record<string, [Broken, string]> = {
  'memory is not given back with a stream': [{ span: () => ({ releaseMemory () {} }) }, 'reset of both ends gives the memory of a stream back'],
  'memory is not given back with the connection': [{ span: () => ({ done () {} }) }, 'abort ends it in the same turn'],
  'memory is not reserved': [{ span: () => ({ reserveMemory () {}, releaseMemory () {} }) }, 'each stream reserves memory on both sides'],
  'a refused reservation ends the connection': [
    { conn: conn => ({ openStream: async options => { try { return await conn.openStream(options) } catch (error) { conn.abort(error as Error); throw error } } }) },
    'a stream that there is no memory for is not opened, and the connection goes on'
  ],
  'codes of streams are lost': [{ stream: stream => ({ resetWithError: () => { stream.reset() } }) }, 'the code of a reset reaches the remote, and both sides know whose it is'],
  'codes of connections are lost': [{ conn: conn => ({ closeWithError: () => conn.close() }) }, 'the code of a close reaches the remote, and both sides know whose it is'],
  'the connection below stays open': [{ below: () => ({ close: async () => {}, abort () {} }) }, 'abort ends the connection, its streams and all who wait, on both sides'],
  'the end comes later': [{ conn: conn => ({ close: async () => { await new Promise(resolve => { setImmediate(resolve) }); await conn.close() } }) }, 'close ends it in the same turn'],
  'a signal is not heard': [{ conn: conn => ({ openStream: () => conn.openStream() }) }, 'a connection: openStream with an aborted signal rejects with its reason'],
  'a wait cannot be given up': [{ conn: conn => ({ acceptStream: () => conn.acceptStream() }) }, 'a connection: acceptStream rejects with the reason of its signal when it is given up'],
  'whoever gave up waiting takes a stream': [
    { conn: conn => ({ acceptStream: async options => { const taken = conn.acceptStream(); const { promise, reject } = Promise.withResolvers<never>(); options?.signal?.addEventListener('abort', () => { reject(new Error('given up')) }); return await Promise.race([taken, promise]) } }) },
    'an acceptStream that was given up takes no stream'
  ],
  'an abort hides its cause': [{ conn: conn => ({ abort: () => { conn.abort(new Error('some reason')) } }) }, 'abort shows its cause to all who wait here'],
  'closing again is an error': [{ conn: conn => ({ close: async () => { if (conn.isClosed()) throw new Error('closed'); await conn.close() } }) }, 'a connection: close again is harmless'],
  'a reset ends the connection': [{ stream: (_stream, conn) => ({ reset: () => { conn.abort(new Error('reset')) } }) }, 'a reset of one stream leaves the others alone'],
  'opening continues behind the end': [{ conn: conn => ({ openStream: async options => conn.isClosed() ? {} as MuxedStream : await conn.openStream(options) }) }, 'a connection: openStream after close is refused']
}

describe('the suite of multiplexers', () => {
  it('finds each one that is broken', async () => {
    // All at once: most cases find by waiting in vain.
    const missed = await Promise.all(Object.entries(FOUND).map(async ([what, [how, name]]) => {
      const named = multiplexerCases.find(each => each.name === name)
      assert(named !== undefined, `there is no case '${name}'`)
      return await Promise.resolve(named.run({ create: () => broken(how) })).then(() => [what], () => [])
    }))
    assert.deepEqual(missed.flat(), [])
  }).timeout(60_000)

  it('passes what is not broken, wrapped in the same way', async () => {
    for (const name of new Set(Object.values(FOUND).map(([, each]) => each))) await multiplexerCases.find(each => each.name === name)?.run({ create: () => broken({}) })
  })

  it('has a name of its own for each case', () => {
    assert.equal(new Set(multiplexerCases.map(({ name }) => name)).size, multiplexerCases.length)
  })
})
