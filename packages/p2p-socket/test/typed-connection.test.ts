import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { assertNoTimers, ManualClock, recordingResourceManager, turn, within } from '@weir/compliance'
import { ConnectionClosedError } from '@weir/io-scheduler'
import { accept, type AcceptInit, bytes, copyEncodedMessage, EncodedMessageUsedError, type NodeMetadata, nodeMetaConfig, type P2pConnection } from '../src/index.ts'
import { eachCrypto } from './cryptos.ts'
import { type MemoryPair, memoryPair } from './memory-conn.ts'
import { authenticatedPair, type Overrides } from './session-pair.ts'

interface Ends extends MemoryPair {
  readonly a: P2pConnection<Uint8Array, NodeMetadata>
  readonly b: P2pConnection<Uint8Array, NodeMetadata>
}

const message = (size: number, byte = 1): Uint8Array => new Uint8Array(size).fill(byte)

eachCrypto('a typed connection', crypto => {
  let clock: ManualClock
  let manager: ReturnType<typeof recordingResourceManager>
  let open: Ends[]

  beforeEach(() => {
    clock = new ManualClock()
    manager = recordingResourceManager()
    open = []
  })

  afterEach(async () => {
    for (const { a, b } of open) await Promise.all([a.close(), b.close()])
    manager.assertAllEnded()
    assertNoTimers(clock)
  })

  async function ends (accepting: Partial<AcceptInit<Uint8Array>> = {}, overrides: { client?: Overrides, server?: Overrides } = {}): Promise<Ends> {
    const pair = memoryPair()
    const auth = await authenticatedPair({ ...pair, async [Symbol.asyncDispose] () {} }, { both: { crypto, clock, resourceManager: manager }, ...overrides })
    const [a, b] = await Promise.all([accept(auth.client, { encoding: bytes(), ...accepting }), accept(auth.server, { encoding: bytes(), ...accepting })])
    const made = { ...pair, a, b }
    open.push(made)
    return made
  }

  it('knows who is at the other end', async () => {
    const { a, b } = await ends({}, { client: { advertisedPort: 9_732, metadata: nodeMetaConfig({ disableMempool: true, privateNode: true }) } })
    assert.equal(b.info.incoming, true)
    assert.equal(a.info.incoming, false)
    assert.deepEqual(b.info.idPoint, { address: '127.0.0.1', port: 9_732 })
    assert.deepEqual(a.info.idPoint, { address: '127.0.0.1', port: 4_000 })
    assert.equal(b.info.remoteSocketPort, 4_000)
    assert.equal(b.privateNode, true)
    assert.equal(a.privateNode, false)
    assert.deepEqual(b.remoteMetadata, { disableMempool: true, privateNode: true })
    assert.deepEqual(a.localMetadata, b.remoteMetadata)
    assert.deepEqual(b.localMetadata, { disableMempool: false, privateNode: false })
    assert.equal(b.toString(), `${b.info.peerId} (127.0.0.1, port 9732)`)
    assert.equal(`${(await ends()).b}`, `${b.info.peerId} (127.0.0.1)`)
    assert.equal(a.info.announcedVersion.chainName, 'SANDBOXED_TEZOS')
    assert.deepEqual(a.stat(), { totalSentBytes: 0, totalReceivedBytes: 0, inflowBytesPerSecond: 0, outflowBytesPerSecond: 0 })
  })

  it('is equal to itself, and to no other', async () => {
    const [first, second] = [await ends(), await ends()]
    assert.equal(first.a.equal(first.a), true)
    assert.equal(first.a.equal(first.b), false)
    assert.equal(first.a.equal(second.a), false)
  })

  it('brings messages of all sizes, in their order, with theirs', async () => {
    const sizes = [0, 1, 100, 65_517, 65_518, 131_034, 300_000, 3]
    const { a, b } = await ends()
    const sent = sizes.map(size => new Uint8Array(randomBytes(size)))
    for (const each of sent) await a.write(each)
    for (const each of sent) {
      const { sizeBytes, message: received } = await within(b.read(), 'a message')
      assert.equal(sizeBytes, each.length + 4)
      assert.deepEqual(new Uint8Array(received), each)
    }
  })

  it('cuts chunks as it was told, and takes any', async () => {
    const { a, b, clientWire } = await ends({ binaryChunksSizeBytes: 21 })
    const before = clientWire.written.length
    await a.writeSync(message(7))
    const wire = Buffer.concat(clientWire.written.slice(before))
    assert.equal(wire.length, 4 * 18 + 11) // 3 bytes a chunk, and a short one at the end
    assert.deepEqual([0, 21, 42, 63].map(at => wire.readUInt16BE(at)), [19, 19, 19, 18])
    assert.deepEqual(new Uint8Array((await b.read()).message), message(7))
  })

  it('writes what a turn has brought in one piece', async () => {
    const { a, clientWire } = await ends()
    const before = clientWire.written.length
    for (let i = 0; i < 10; i++) assert.equal(a.writeNow(message(10)), true)
    await turn()
    assert.equal(clientWire.written.length - before, 1)
  })

  it('reads now, or not, and tells whether it could', async () => {
    const { a, b } = await ends()
    assert.equal(b.readNow(), undefined)
    assert.equal(b.isReadable(), false)
    await a.writeSync(message(3))
    await turn()
    assert.equal(b.isReadable(), true)
    assert.deepEqual(b.readNow()?.sizeBytes, 7)
    assert.equal(b.readNow(), undefined)
  })

  it('an aborted read takes nothing, and the next one gets what comes', async () => {
    const { a, b } = await ends()
    const abort = new AbortController()
    const reading = b.read({ signal: abort.signal })
    abort.abort(new Error('enough'))
    await assert.rejects(reading, /enough/)
    await assert.rejects(b.read({ signal: AbortSignal.abort(new Error('before')) }), /before/)
    await a.write(message(1))
    assert.equal((await within(b.read(), 'the message')).sizeBytes, 5)
  })

  describe('whose socket takes nothing', () => {
    const cost = 96 + 104 + 18 + 128

    async function stuck (): Promise<Ends> {
      const made = await ends({ outgoingMessageQueueBytes: 3 * cost + 1 })
      made.clientWire.fill(true)
      assert.equal(made.a.writeNow(message(100)), true)
      await turn() // this one is with the socket; what follows queues
      return made
    }

    it('queues up to its bound, then writeNow drops and write waits for its turn', async () => {
      const { a, b, clientWire } = await stuck()
      assert.deepEqual([2, 3, 4, 5].map(byte => a.writeNow(message(100, byte))), [true, true, true, false])
      let isQueued = false
      const waiting = a.write(message(100, 6)).then(() => { isQueued = true })
      await turn()
      assert.equal(isQueued, false)
      assert.equal(a.writeNow(message(0)), false, 'nobody overtakes who waits')
      clientWire.fill(false)
      await within(waiting, 'the write')
      for (const byte of [1, 2, 3, 4, 6]) assert.equal((await within(b.read(), 'a message')).message[0], byte)
    })

    it('an aborted write is not sent', async () => {
      const { a, b, clientWire } = await stuck()
      for (const byte of [2, 3, 4]) a.writeNow(message(100, byte))
      const abort = new AbortController()
      const waiting = a.write(message(100, 5), { signal: abort.signal })
      abort.abort(new Error('enough'))
      await assert.rejects(waiting, /enough/)
      clientWire.fill(false)
      for (const byte of [1, 2, 3, 4]) assert.equal((await within(b.read(), 'a message')).message[0], byte)
      assert.equal(b.readNow(), undefined)
    })

    it('writeSync resolves when the last byte is taken, and aborted it stops waiting', async () => {
      const { a, b, clientWire } = await stuck()
      let isSent = false
      const sending = a.writeSync(message(100, 2)).then(() => { isSent = true })
      const abort = new AbortController()
      const aborted = a.writeSync(message(100, 3), { signal: abort.signal })
      await turn()
      assert.equal(isSent, false)
      abort.abort(new Error('enough'))
      await assert.rejects(aborted, /enough/)
      clientWire.fill(false)
      await within(sending, 'the write')
      for (const byte of [1, 2, 3]) assert.equal((await within(b.read(), 'a message')).message[0], byte)
    })

    it('takes one that is larger than all of the bound when nothing waits', async () => {
      const { a } = await ends({ outgoingMessageQueueBytes: 100 })
      assert.equal(a.writeNow(message(1_000)), true)
      assert.equal(a.writeNow(message(0)), false)
    })

    it('close throws away what waits, and says so to whoever waits', async () => {
      const { a } = await stuck()
      for (const byte of [2, 3, 4]) a.writeNow(message(100, byte))
      const waiting = [a.write(message(100)), a.writeSync(message(100))]
      await a.close()
      for (const each of waiting) await assert.rejects(each, ConnectionClosedError.is)
    })

    it('close({ wait }) lets it out first, and takes no more meanwhile', async () => {
      const { a, b, clientWire } = await stuck()
      a.writeNow(message(100, 2))
      const closing = a.close({ wait: true, reason: { kind: 'user', text: 'enough' } })
      await turn()
      assert.throws(() => a.writeNow(message(1)), ConnectionClosedError.is)
      clientWire.fill(false)
      await within(closing, 'the close')
      assert.deepEqual((await b.read()).message[0], 1)
      assert.deepEqual((await b.read()).message[0], 2)
      await assert.rejects(b.read(), ConnectionClosedError.is)
      assert.deepEqual(await a.closed, { kind: 'user', text: 'enough' })
    })

    it('close({ wait }) again waits for the same, and without waiting ends it at once', async () => {
      const { a, b, clientWire } = await stuck()
      const closing = [a.close({ wait: true }), a.close({ wait: true })]
      await turn()
      assert.equal(clientWire.ended, undefined)
      clientWire.fill(false)
      await within(Promise.all(closing), 'both')
      assert.equal((await b.read()).message[0], 1)
      const other = await stuck()
      const waiting = other.a.close({ wait: true })
      await other.a.close()
      await within(waiting, 'the first close')
    })

    it('close({ wait }) waits no longer than it was told', async () => {
      const { a } = await stuck()
      let isClosed = false
      const closing = a.close({ wait: true, waitMs: 3_000 }).then(() => { isClosed = true })
      await clock.advanceAsync(2_999)
      assert.equal(isClosed, false)
      await clock.advanceAsync(1)
      await within(closing, 'the close')
    })
  })

  it('stops reading its socket while nobody reads its messages, and goes on when somebody does', async () => {
    const size = 65_000
    const { a, b, serverWire } = await ends({ incomingMessageQueueBytes: 4 * (size + 124) })
    for (let i = 0; i < 10; i++) await a.writeSync(message(size, i))
    await turn()
    assert.equal(serverWire.unread, 6) // three are queued, one has been read and waits for room
    for (let i = 0; i < 10; i++) assert.equal((await within(b.read(), 'a message')).message[0], i)
    assert.equal(serverWire.unread, 0)
  })

  it('what came before the end can be read, then reading and writing tell of it', async () => {
    const { a, b } = await ends()
    await a.writeSync(message(1))
    await a.writeSync(message(2))
    await turn()
    await a.close({ reason: { kind: 'peer-swapped' } })
    await within(b.closed, 'the end')
    assert.equal(b.isReadable(), true)
    assert.equal((await b.read()).sizeBytes, 5)
    assert.equal(b.readNow()?.sizeBytes, 6)
    assert.throws(() => b.readNow(), ConnectionClosedError.is)
    assert.throws(() => b.writeNow(message(1)), ConnectionClosedError.is)
    assert.throws(() => b.writeEncodedNow(b.encode(message(1))), ConnectionClosedError.is)
    for (const call of [b.read(), b.write(message(1)), b.writeSync(message(1))]) await assert.rejects(call, ConnectionClosedError.is)
    assert.deepEqual(await b.closed, { kind: 'connection-closed-by-peer', during: 'read' })
  })

  it('remembers why it was closed, the first reason first', async () => {
    const { a } = await ends()
    a.addClosingReason({ kind: 'pool-destroyed' })
    await a.close({ reason: { kind: 'explicit-rpc' } })
    await a.close({ reason: { kind: 'peer-swapped' } })
    assert.deepEqual(a.closingReasons, [{ kind: 'pool-destroyed' }, { kind: 'explicit-rpc' }])
    assert.deepEqual(await a.closed, { kind: 'pool-destroyed' })
    const { b } = await ends()
    await b[Symbol.asyncDispose]()
    assert.deepEqual(b.closingReasons, [{ kind: 'unknown-reason' }])
  })

  it('that fails below says so as its reason', async () => {
    const { a, client } = await ends()
    client.abort(new Error('the cable'))
    assert.deepEqual(await within(a.closed, 'the end'), { kind: 'connection-closed-by-unexpected-error', during: 'read', error: 'the cable' })
    await assert.rejects(a.read(), /the cable/)
    assert.throws(() => a.writeNow(message(1)), (error: unknown) => ConnectionClosedError.is(error) && (error.cause as Error).message === 'the cable')
    const lost = await ends()
    lost.client.abort(new ConnectionClosedError('lost'))
    assert.deepEqual(await within(lost.a.closed, 'the end'), { kind: 'connection-lost', during: 'read' })
  })

  describe('encoded messages', () => {
    it('are written once, to any connection, and copied for others', async () => {
      const [first, second] = [await ends(), await ends({ binaryChunksSizeBytes: 30 })]
      const encoded = second.a.encode(message(50, 7))
      const copy = copyEncodedMessage(encoded)
      assert.equal(first.a.writeEncodedNow(encoded), true)
      assert.throws(() => first.a.writeEncodedNow(encoded), EncodedMessageUsedError.is)
      assert.throws(() => copyEncodedMessage(encoded), EncodedMessageUsedError.is)
      assert.equal(second.a.writeEncodedNow(copy), true)
      for (const { b } of [first, second]) assert.deepEqual(new Uint8Array((await within(b.read(), 'a message')).message), message(50, 7))
    })

    it('that were dropped can be written again', async () => {
      const { a, b, clientWire } = await ends({ outgoingMessageQueueBytes: 500 })
      clientWire.fill(true)
      a.writeNow(message(1))
      await turn()
      a.writeNow(message(1))
      const encoded = a.encode(message(200, 9))
      assert.equal(a.writeEncodedNow(encoded), false)
      clientWire.fill(false)
      await turn()
      assert.equal(a.writeEncodedNow(encoded), true)
      for (const size of [5, 5, 204]) assert.equal((await within(b.read(), 'a message')).sizeBytes, size)
    })
  })

  it('answers once: accept and nack take what they answer', async () => {
    const auth = await authenticatedPair({ ...memoryPair(), async [Symbol.asyncDispose] () {} }, { both: { crypto, clock, resourceManager: manager } })
    for (const each of [auth.client, auth.server]) {
      each[Symbol.dispose]()
      each.abort(new Error('again'))
      await assert.rejects(accept(each, { encoding: bytes() }), TypeError)
    }
    await assert.rejects(accept({ info: auth.client.info, abort () {}, [Symbol.dispose] () {} }, { encoding: bytes() }), TypeError)
  })
})
