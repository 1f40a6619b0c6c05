import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { assertNoTimers, failingResourceManager, ManualClock, recordingResourceManager, turn, within } from '@weir/compliance'
import { nullIoScheduler } from '@weir/io-scheduler'
import { ResourceLimitExceededError } from '@weir/network'
import { createResourceManager, fixedLimiter, parseLimits, resourcePlan } from '@weir/resource-manager'
import { accept, authenticate, bytes, nack, p2pPoint, RejectedByNackError, TooManyPointsError } from '../src/index.ts'
import { Attacker } from './attacker.ts'
import { memoryPair } from './memory-conn.ts'
import { anyIdentity, authenticatedPair, endInit } from './session-pair.ts'

const noDispose = { async [Symbol.asyncDispose] () {} }

describe('what a session is charged', () => {
  it('is a connection before anything is read or written, then its peer, its buffers and its messages', async () => {
    const manager = recordingResourceManager()
    const pair = memoryPair()
    const server = authenticate(endInit(pair.server, true, { resourceManager: manager }))
    assert.deepEqual(manager.log, ['openConnection inbound fd /ip4/127.0.0.1/tcp/4000', 'conn.reserveMemory 131072 255'])
    const client = await authenticate(endInit(pair.client, false))
    const [a, b] = await Promise.all([accept(client, { encoding: bytes() }), accept(await server, { encoding: bytes() })])
    await a.writeSync(new Uint8Array(10))
    await turn()
    await b.read()
    assert.equal(b.writeNow(new Uint8Array(10)), true)
    await turn()
    await b.close()
    await a.close()
    assert.deepEqual(manager.log, [
      'openConnection inbound fd /ip4/127.0.0.1/tcp/4000',
      'conn.reserveMemory 131072 255',
      `conn.setPeer ${anyIdentity(1).peerId}`,
      'conn.reserveMemory 134 203',
      'conn.releaseMemory 134',
      'conn.reserveMemory 256 203',
      'conn.releaseMemory 256',
      'conn.done'
    ])
  })

  it('can be a scope that was opened before the socket', async () => {
    const manager = recordingResourceManager()
    const scope = manager.openConnection('outbound', true, multiaddr('/ip4/192.0.2.1/tcp/1'))
    const pair = memoryPair()
    const auth = await authenticatedPair({ ...pair, ...noDispose }, { client: { scope } })
    assert.deepEqual(manager.log, ['openConnection outbound fd /ip4/192.0.2.1/tcp/1', 'conn.reserveMemory 131072 255', `conn.setPeer ${anyIdentity(2).peerId}`])
    auth.client.abort(new Error('enough'))
    auth.server.abort(new Error('enough'))
    manager.assertAllEnded()
  })

  it('is given back wherever it is refused, and the peer is told where it can be', async () => {
    const seen: unknown[] = []
    for (let failAt = 1, isDone = false; !isDone; failAt++) {
      const failing = failingResourceManager({ failAt })
      const manager = recordingResourceManager([], failing)
      const clock = new ManualClock()
      const pair = memoryPair()
      const client = (async () => {
        const auth = await authenticate(endInit(pair.client, false, { clock }))
        const conn = await accept(auth, { encoding: bytes() })
        await conn.writeSync(new Uint8Array(10))
        try {
          return await conn.read()
        } finally {
          await conn.close()
        }
      })()
      const server = (async () => {
        const auth = await authenticate(endInit(pair.server, true, { clock, resourceManager: manager }))
        const conn = await accept(auth, { encoding: bytes() })
        try {
          while (!conn.isReadable()) await turn() // so that the message is queued, and not handed over
          await conn.read()
          await conn.write(new Uint8Array(3))
          await turn()
        } finally {
          await conn.close()
        }
      })()
      const [clientEnd, serverEnd] = await within(Promise.allSettled([client, server]), `refusal ${failAt}`)
      isDone = failing.calls < failAt
      seen.push(clientEnd.status === 'fulfilled' ? 'fine' : RejectedByNackError.is(clientEnd.reason) ? clientEnd.reason.motive : (clientEnd.reason as { code?: string }).code)
      if (!isDone) assert.ok(serverEnd.status === 'rejected' && ResourceLimitExceededError.is(serverEnd.reason), `refusal ${failAt}`)
      await turn()
      manager.assertAllEnded()
      assert.ok(pair.serverWire.ended !== undefined)
      assertNoTimers(clock)
    }
    // The connection itself; its buffers; its peer; a message that came in; one that was to go out; none.
    assert.deepEqual(seen, ['CONNECTION_CLOSED', 'CONNECTION_CLOSED', 'too-many-connections', 'CONNECTION_CLOSED', 'CONNECTION_CLOSED', 'fine'])
  })

  it('grows with a message that is not complete, and a refusal ends the connection', async () => {
    const manager = recordingResourceManager()
    const [attacker, wire] = Attacker.pair()
    const outcome = (async () => {
      const auth = await authenticate(endInit(nullIoScheduler.register(wire), true, { resourceManager: manager }))
      await (await accept(auth, { encoding: bytes() })).read()
    })()
    outcome.catch(() => {})
    const channel = await attacker.accepted()
    attacker.send(channel.seal([Uint8Array.of(0, 1, 0, 0)]), channel.seal([new Uint8Array(1_000)]))
    await turn()
    assert.deepEqual(manager.log.slice(-2), ['conn.reserveMemory 4 203', 'conn.reserveMemory 1000 203'])
    attacker.wire.abort(new Error('gone'))
    await assert.rejects(outcome)
    manager.assertAllEnded()
  })

  it('that is refused is refused as that, also when the peer can no longer be told', async () => {
    const pair = memoryPair()
    const manager = recordingResourceManager([], failingResourceManager({ failAt: 1, of: 'setPeer' }))
    const server = authenticate(endInit(pair.server, true, { resourceManager: manager }))
    server.catch(() => {})
    pair.serverWire.fill(true) // the answer waits for a socket that is full
    await authenticate(endInit(pair.client, false))
    await turn()
    pair.serverWire.abort(new Error('gone'))
    await assert.rejects(within(server, 'the refusal'), ResourceLimitExceededError.is)
    manager.assertAllEnded()
  })

  it('is limited by a real manager: a second connection of the same peer is told that there are too many', async () => {
    const limits = resourcePlan({ memoryBytes: 2 ** 30, numFd: 1_000, limits: parseLimits('{"PeerDefault":{"ConnsInbound":1}}') }).limits
    await using manager = createResourceManager({ limits: fixedLimiter(limits) })
    const [first, second] = [memoryPair(), memoryPair()]
    const held = await authenticatedPair({ ...first, ...noDispose }, { server: { resourceManager: manager } })
    const server = authenticate(endInit(second.server, true, { resourceManager: manager }))
    const client = await authenticate(endInit(second.client, false))
    await Promise.all([
      assert.rejects(server, (error: unknown) => ResourceLimitExceededError.is(error) && error.where === 'local' && error.scope.kind === 'peer'),
      assert.rejects(accept(client, { encoding: bytes() }), { code: 'P2P_REJECTED_BY_NACK', motive: 'too-many-connections', alternativePoints: [] })
    ])
    held.client.abort(new Error('enough'))
    held.server.abort(new Error('enough'))
    assert.equal(manager.viewSystem(scope => scope.stat()).numConnsInbound, 0)
  })
})

describe('nack', () => {
  it('sends 99 points and refuses more, before anything is done', async () => {
    const points = Array.from({ length: 100 }, (_, i) => p2pPoint('192.0.2.1', i))
    const auth = await authenticatedPair({ ...memoryPair(), ...noDispose })
    await assert.rejects(nack(auth.server, 'too-many-connections', points), (error: unknown) => TooManyPointsError.is(error) && error.points === 100 && error.max === 99)
    const [accepted] = await Promise.allSettled([accept(auth.client, { encoding: bytes() }), nack(auth.server, 'too-many-connections', points.slice(1))])
    assert.ok(accepted.status === 'rejected' && RejectedByNackError.is(accepted.reason))
    assert.equal(accepted.reason.alternativePoints?.length, 99)
  })

  it('tells a peer of p2p version 0 neither why nor where', async () => {
    const version = { chainName: 'SANDBOXED_TEZOS', distributedDbVersion: 2, p2pVersion: 0 }
    const auth = await authenticatedPair({ ...memoryPair(), ...noDispose }, { client: { version } })
    const [accepted] = await Promise.allSettled([accept(auth.client, { encoding: bytes() }), nack(auth.server, 'too-many-connections', [p2pPoint('::1', 1)])])
    assert.ok(accepted.status === 'rejected' && RejectedByNackError.is(accepted.reason))
    assert.deepEqual([accepted.reason.motive, accepted.reason.alternativePoints], ['no-motive', undefined])
  })

  it('is out of time when its answer does not go out, and ends all the same', async () => {
    const [clock, manager, pair] = [new ManualClock(), recordingResourceManager(), memoryPair()]
    const auth = await authenticatedPair({ ...pair, ...noDispose }, { server: { clock, resourceManager: manager } })
    pair.serverWire.fill(true)
    const nacking = nack(auth.server, 'no-motive', [], { timeoutMs: 100 })
    const refused = assert.rejects(nacking, { code: 'P2P_HANDSHAKE_TIMEOUT', step: 'nack', timeoutMs: 100 })
    await clock.advanceAsync(100)
    await within(refused, 'the timeout')
    manager.assertAllEnded()
    assertNoTimers(clock)
    auth.client.abort(new Error('enough'))
  })
})

describe('authenticate', () => {
  it('sees itself, after the metadata', async () => {
    const pair = memoryPair()
    const identity = anyIdentity(1)
    const both = [authenticate(endInit(pair.client, false, { identity })), authenticate(endInit(pair.server, true, { identity, advertisedPort: 7 }))]
    for (const each of both) await assert.rejects(each, (error: unknown) => (error as { code?: string }).code === 'P2P_MYSELF')
    await assert.rejects(both[1] ?? Promise.resolve(), { connectionId: { address: '127.0.0.1', port: undefined } })
  })

  it('ends with its signal, before and meanwhile', async () => {
    const clock = new ManualClock()
    const manager = recordingResourceManager()
    const abort = new AbortController()
    const pair = memoryPair()
    await assert.rejects(authenticate(endInit(pair.client, false, { clock, resourceManager: manager, signal: AbortSignal.abort(new Error('before')) })), /before/)
    const waiting = authenticate(endInit(memoryPair().server, true, { clock, resourceManager: manager, signal: abort.signal }))
    abort.abort(new Error('meanwhile'))
    await assert.rejects(waiting, /meanwhile/)
    assert.equal(pair.clientWire.written.length, 0, 'nothing was said')
    manager.assertAllEnded()
    assertNoTimers(clock)
  })

  it('says something new each time: no session has the nonces of another', async () => {
    const frames = new Set<string>()
    for (let i = 0; i < 100; i++) {
      const pair = memoryPair()
      const hello = authenticate(endInit(pair.client, false))
      frames.add(Buffer.from(pair.clientWire.written[0] ?? []).toString('hex'))
      pair.serverWire.abort(new Error('enough'))
      await assert.rejects(hello)
    }
    assert.equal(frames.size, 100)
  })

  it('refuses wrong options, and ends the connection, which it has taken over', async () => {
    for (const [options, error] of [[{ timeout: 1 }, TypeError], [{ timeoutMs: 0 }, RangeError]] as const) {
      const pair = memoryPair()
      await assert.rejects(authenticate({ ...endInit(pair.client, false), ...options }), error)
      assert.ok(pair.clientWire.ended !== undefined)
    }
  })

  it('refuses metadata that does not fit into a chunk', async () => {
    const pair = memoryPair()
    const metadata = { encoding: bytes(), value: () => new Uint8Array(65_514), privateNode: () => false }
    const client = authenticate({ ...endInit(pair.client, false), metadata })
    const server = authenticate(endInit(pair.server, true))
    server.catch(() => {})
    await assert.rejects(client, { code: 'P2P_INVALID_MESSAGE_SIZE', sizeBytes: 65_518 })
    await assert.rejects(server)
  })
})

describe('accept', () => {
  it('refuses wrong options before anything is done', async () => {
    const auth = await authenticatedPair({ ...memoryPair(), ...noDispose })
    for (const binaryChunksSizeBytes of [18, 65_536, 20.5]) {
      await assert.rejects(accept(auth.client, { encoding: bytes(), binaryChunksSizeBytes }), { code: 'P2P_INVALID_CHUNKS_SIZE', value: binaryChunksSizeBytes, min: 19, max: 65_535 })
    }
    await assert.rejects(accept(auth.client, { encoding: bytes(), chunkSize: 19 } as never), TypeError)
    await assert.rejects(nack(auth.client, 'no-motive', [], { timeout: 1 } as never), TypeError)
    await assert.rejects(nack(auth.client, 'no-motive', [], { timeoutMs: Number.NaN }), RangeError)
    for (const name of ['incomingMessageQueueBytes', 'outgoingMessageQueueBytes', 'maxMessageBytes', 'timeoutMs']) {
      await assert.rejects(accept(auth.client, { encoding: bytes(), [name]: 0 }), RangeError)
    }
    const ends = await Promise.all([accept(auth.client, { encoding: bytes(), binaryChunksSizeBytes: 19 }), accept(auth.server, { encoding: bytes(), binaryChunksSizeBytes: 65_535 })])
    for (const end of ends) await end.close()
  })
})
