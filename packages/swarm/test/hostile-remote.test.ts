import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { recordingResourceManager, type RecordingResourceManager } from '@weir/compliance'
import type { Multiplexer, MuxedConn, SecureConn } from '@weir/network'
import { echo, readAll, swarmPair, type SwarmPair, until } from './swarm-pair.ts'

/** A muxer that speaks nothing and hands out the secured connection: what an authenticated attacker has. */
function rawMuxer (): { muxer: Multiplexer, conns: SecureConn[] } {
  const conns: SecureConn[] = []
  const newConn = (conn: SecureConn): MuxedConn => {
    conns.push(conn)
    const never = new Promise<never>(() => {})
    return {
      openStream: () => never,
      acceptStream: () => never,
      close: async () => { conn.abort(new Error('closed')) },
      closeWithError: async () => { conn.abort(new Error('closed')) },
      abort: cause => { conn.abort(cause) },
      isClosed: () => false
    }
  }
  return { muxer: { protocol: '/yamux/1.0.0', newConn }, conns }
}

function frame (type: number, flags: number, streamId: number, length: number): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt8(type, 1)
  header.writeUInt16BE(flags, 2)
  header.writeUInt32BE(streamId, 4)
  header.writeUInt32BE(length, 8)
  return header
}

interface Attack extends AsyncDisposable {
  readonly pair: SwarmPair
  readonly scopes: RecordingResourceManager
  readonly conn: SecureConn
}

async function attack (): Promise<Attack> {
  const { muxer, conns } = rawMuxer()
  const scopes = recordingResourceManager()
  const pair = await swarmPair({ muxers: [muxer] }, { resourceManager: scopes })
  pair.b.setStreamHandler(echo)
  await pair.a.dialPeer(pair.b.localPeer)
  await until(() => pair.b.conns().length === 1, 'the victim has the connection')
  const [conn] = conns
  assert(conn !== undefined)
  return { pair, scopes, conn, [Symbol.asyncDispose]: async () => { await pair[Symbol.asyncDispose]() } }
}

async function rawSocket (pair: SwarmPair): Promise<Socket> {
  const socket = connect(Number(pair.b.listenAddresses()[0]?.toString().split('/').at(-1)), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

describe('a hostile remote', () => {
  const escaped: unknown[] = []
  const onEscape = (error: unknown): void => { escaped.push(error) }
  before(() => { process.on('uncaughtExceptionMonitor', onEscape).on('unhandledRejection', onEscape) })
  after(() => { process.off('uncaughtExceptionMonitor', onEscape).off('unhandledRejection', onEscape) })
  afterEach(() => { assert.deepEqual(escaped, []) })

  const attacks: Record<string, Buffer[]> = {
    'a frame that announces 4 GiB on a stream that is not there': [frame(0, 0, 7, 0xffffffff)],
    'a first frame that announces 4 GiB': [frame(0, 1, 1, 0xffffffff)],
    'a frame beyond the window': [frame(1, 1, 1, 0), frame(0, 0, 1, 300 * 1024)],
    'an unknown version': [Buffer.from([9, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])],
    'an unknown type': [frame(9, 0, 1, 0)],
    'a stream id of our own parity': [frame(1, 1, 2, 0)],
    'data on the session stream': [frame(0, 0, 0, 8), Buffer.alloc(8)],
    'random bytes': [randomBytes(4096)]
  }
  for (const [name, frames] of Object.entries(attacks)) {
    it(`loses its connection for ${name}, which costs nothing`, async () => {
      await using at = await attack()
      const before = process.memoryUsage().arrayBuffers
      for (const bytes of frames) at.conn.write(bytes)
      await until(() => at.pair.b.conns().length === 0, 'the victim ends the connection')
      await until(() => at.scopes.leftOpen().length === 0, 'its scopes end')
      assert(process.memoryUsage().arrayBuffers - before < 8 << 20)
    })
  }

  it('can open no more streams than are accepted, and a flood of them ends without residue', async () => {
    await using at = await attack()
    for (let id = 1; id < 20_000; id += 2) at.conn.write(frame(1, 1, id, 0))
    await until(() => at.scopes.log.some(line => line.startsWith('openStream')), 'streams arrive')
    at.conn.abort(new Error('gone'))
    await until(() => at.pair.b.conns().length === 0, 'the victim ends the connection')
    await until(() => at.scopes.leftOpen().length === 0, `all scopes end`)
  })

  it('gets nowhere with garbage before and within the handshake', async () => {
    const scopes = recordingResourceManager()
    await using pair = await swarmPair({}, { resourceManager: scopes, acceptTimeoutMs: 2_000 })
    const multistream = Buffer.from('\x13/multistream/1.0.0\n\x07/noise\n', 'latin1')
    const openings = [randomBytes(64), Buffer.alloc(2_000, 0xff), multistream, Buffer.concat([multistream, randomBytes(3_000)]), Buffer.concat([multistream, Buffer.from([0, 32]), randomBytes(32), randomBytes(500)])]
    for (const bytes of openings) {
      for (let cut = 1; cut <= bytes.byteLength; cut += Math.ceil(bytes.byteLength / 5)) {
        const socket = await rawSocket(pair)
        socket.resume() // or what it was sent keeps it open, here
        socket.write(bytes.subarray(0, cut))
        await new Promise(resolve => setImmediate(resolve))
        if (cut % 2 === 0) socket.resetAndDestroy()
        else socket.end(bytes.subarray(cut))
      }
    }
    await until(() => scopes.leftOpen().length === 0, 'all scopes end')
    pair.b.setStreamHandler(echo)
    const stream = await pair.a.newStream(pair.b.localPeer)
    await stream.write(Buffer.from('honest'))
    await stream.closeWrite()
    assert.equal((await readAll(stream)).toString(), 'honest')
    await stream.close()
  })

  it('may vanish at any moment', async () => {
    for (let writes = 0; writes < 6; writes++) {
      const scopes = recordingResourceManager()
      await using pair = await swarmPair({}, { resourceManager: scopes })
      pair.b.setStreamHandler(echo)
      const stream = await pair.a.newStream(pair.b.localPeer)
      for (let n = 0; n < writes; n++) await stream.write(randomBytes(50_000))
      ;(stream.conn as unknown as { abort (cause: Error): void }).abort(new Error('pulled the plug'))
      await until(() => pair.b.conns().length === 0 && scopes.leftOpen().length === 0, 'the other side gives everything back')
    }
  })
})
