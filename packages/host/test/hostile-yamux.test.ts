import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { YAMUX_HEADER_BYTES } from '@weir/adapters'
import { type SecureConn, StreamErrorCode } from '@weir/network'
import { ANY_PORT, join, until } from './host-pair.ts'
import { type LimitedHost, limitedHost, openEcho } from './limited-host.ts'
import { ACK, type Attacker, attacker, header, RST, SYN } from './raw-attacker.ts'
import { nothingUnhandled } from './unhandled.ts'

const WINDOW_BYTES = 262_144
const UINT32_MAX = 0xffff_ffff

const numConns = ({ host }: LimitedHost): number => host.network.conns().length
const numStreams = ({ manager }: LimitedHost): number => manager.viewSystem(scope => scope.stat().numStreamsInbound + scope.stat().numStreamsOutbound)
const memoryBytes = ({ manager }: LimitedHost): number => manager.viewSystem(scope => scope.stat().memoryBytes)

/** A connection that the victim knows of, too. */
async function connected (remote: Attacker, node: LimitedHost): Promise<SecureConn> {
  const conn = await remote.connect(node.host)
  await until(() => numConns(node) === 1, 'the victim has the connection')
  return conn
}

/** A stranger who means well gets on. */
async function assertServes (node: LimitedHost): Promise<void> {
  await using honest = await limitedHost()
  await join(honest.host, node.host)
  await using _ = await openEcho(honest.host, node.host)
}

async function assertLosesConn (node: LimitedHost): Promise<void> {
  await until(() => numConns(node) === 0, 'the victim ends the connection')
  assert.equal(memoryBytes(node) + numStreams(node), 0)
  await assertServes(node)
}

function frameBytes (bytes: Buffer): number {
  const isData = bytes[1] === 0
  return YAMUX_HEADER_BYTES + (isData && bytes.length >= YAMUX_HEADER_BYTES ? bytes.readUInt32BE(8) : 0)
}

/** The resets that have come, with their codes, by the numbers of the streams. Reads until the connection ends. */
function collectResets (conn: SecureConn): ReadonlyMap<number, number> {
  const resets = new Map<number, number>()
  void (async () => {
    let rest = Buffer.alloc(0)
    for (let chunk = await conn.read(); chunk !== undefined; chunk = await conn.read()) {
      rest = Buffer.concat([rest, chunk.subarray()])
      while (rest.length >= frameBytes(rest)) {
        if ((rest.readUInt16BE(2) & RST) !== 0) resets.set(rest.readUInt32BE(4), rest.readUInt32BE(8))
        rest = rest.subarray(frameBytes(rest))
      }
    }
  })().catch(() => {})
  return resets
}

// Limits are those of a real manager; disposing a host fails unless all its scopes are back at zero.
describe('a node whose remote abuses Yamux', function () {
  this.timeout(30_000)

  let unhandled: AsyncDisposable
  beforeEach(() => { unhandled = nothingUnhandled() })
  afterEach(() => unhandled[Symbol.asyncDispose]())

  it('R6: asks for ping replies and reads none: loses its connection, and little is kept for it before', async () => {
    await using node = await limitedHost()
    await using remote = await attacker()
    const conn = await connected(remote, node)
    const pings = Buffer.concat(Array.from({ length: 5_000 }, (_, id) => header('ping', SYN, 0, id)))
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    for (let sent = 0; numConns(node) > 0 && sent < 2_000; sent++) {
      if (!conn.write(pings)) await Promise.race([conn.drained().catch(() => {}), until(() => numConns(node) === 0, 'there is room, or the victim ends it')])
      await turn()
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    await assertLosesConn(node)
    assert.ok(most < 64 << 20, `${most} bytes, of both sides`)
  })

  it('R7: a first frame with more data than the window: a fault of the protocol, and nothing is kept of it', async () => {
    for (const length of [WINDOW_BYTES + 1, 1 << 30, UINT32_MAX]) {
      await using node = await limitedHost()
      await using remote = await attacker()
      const conn = await connected(remote, node)
      conn.write(Buffer.concat([header('data', SYN, 1, length), Buffer.alloc(1_000)]))
      await assertLosesConn(node)
    }
  })

  it('R7: a first frame that fills the window is data like any other', async () => {
    await using node = await limitedHost()
    await using remote = await attacker()
    const conn = await connected(remote, node)
    const received = Promise.withResolvers<number>()
    node.host.network.setStreamHandler(async stream => {
      let bytes = 0
      while (bytes < WINDOW_BYTES) bytes += (await stream.read())?.byteLength ?? Infinity
      received.resolve(bytes)
      await stream.close()
    })
    conn.write(Buffer.concat([header('data', SYN, 1, WINDOW_BYTES), Buffer.alloc(WINDOW_BYTES)]))
    assert.equal(await received.promise, WINDOW_BYTES)
    assert.equal(numConns(node), 1)
  })

  it('R8: window updates up to 2^32 - 1 are credit, and one more is a fault of the protocol', async () => {
    await using node = await limitedHost()
    await using remote = await attacker()
    const conn = await connected(remote, node)
    const resets = collectResets(conn)
    conn.write(header('window', SYN, 1, UINT32_MAX - WINDOW_BYTES))
    conn.write(header('window', RST, 1, 0))
    conn.write(Buffer.concat([header('window', SYN, 3, 0), header('window', 0, 3, UINT32_MAX - WINDOW_BYTES)]))
    await until(() => numStreams(node) === 1, 'the second stream is open, and the first is gone')
    assert.deepEqual([numConns(node), resets.size], [1, 0])
    conn.write(header('window', 0, 3, 1))
    await assertLosesConn(node)
  })

  it('R22: streams that it opens and does not use are bounded by the limits; what is over them is refused, and the connection lives', async () => {
    await using node = await limitedHost({ PeerDefault: { Streams: 100, StreamsInbound: 50, StreamsOutbound: 100 } })
    await using remote = await attacker()
    const conn = await connected(remote, node)
    const resets = collectResets(conn)
    conn.write(Buffer.concat(Array.from({ length: 3_000 }, (_, n) => header('window', SYN, 1 + 2 * n, 0))))
    await until(() => resets.size === 2_950, 'all others are refused')
    assert.deepEqual(new Set(resets.values()), new Set([StreamErrorCode.resourceLimitExceeded]))
    assert.equal(node.manager.viewPeer(remote.swarm.localPeer, scope => scope.stat().numStreamsInbound), 50)
    assert.equal(memoryBytes(node), 50 * WINDOW_BYTES)
    assert.equal(numConns(node), 1)
    conn.abort(new Error('the attack is over'))
    await assertLosesConn(node)
  })

  it('R22: streams that it never acknowledges hold up whoever opens more, and leave nothing when he gives up', async () => {
    await using node = await limitedHost()
    await using remote = await attacker()
    await remote.swarm.listen(ANY_PORT)
    const [addr] = remote.swarm.listenAddresses()
    assert.ok(addr)
    const conn = await node.host.connect({ peer: remote.swarm.localPeer, addrs: [addr] })
    await until(() => remote.conns.length === 1, 'the attacker has the connection')
    const giveUp = new AbortController()
    let opened = 0
    const opening = Array.from({ length: 300 }, () => conn.newStream({ signal: giveUp.signal }).then(() => { opened++ }, () => {}))
    await until(() => opened === 256, 'as many as may be unacknowledged')
    await new Promise(resolve => setTimeout(resolve, 20))
    assert.deepEqual([opened, memoryBytes(node)], [256, 256 * WINDOW_BYTES])
    remote.conns[0]?.write(header('window', ACK, 1, 0))
    await until(() => opened === 257, 'one is acknowledged, one goes on')
    giveUp.abort(new Error('enough'))
    await Promise.all(opening)
    assert.equal(numStreams(node), 257)
    await conn.close()
    assert.equal(memoryBytes(node) + numStreams(node), 0)
  })

  it('is at its memory limit: it loses one stream and not its connection', async () => {
    await using node = await limitedHost({ PeerDefault: { Memory: 4 * WINDOW_BYTES } })
    await using remote = await limitedHost()
    await join(remote.host, node.host)
    const streams = []
    for (let n = 0; n < 4; n++) streams.push(await openEcho(remote.host, node.host))
    await assert.rejects(openEcho(remote.host, node.host), { code: 'RESOURCE_LIMIT_EXCEEDED', where: 'remote' })
    assert.deepEqual([numConns(node), numConns(remote), numStreams(node)], [1, 1, 4])
    for (const stream of streams) {
      await stream.write(Buffer.from('still here'))
      assert.equal(Buffer.from(await stream.read() ?? []).toString(), 'still here')
    }
    await streams[0]?.close()
    await until(() => numStreams(node) === 3, 'one has ended')
    await using _ = await openEcho(remote.host, node.host)
    for (const stream of streams) await stream.close()
  })
})
