import assert from 'node:assert/strict'
import { failingResourceManager, recordingGater, recordingResourceManager, type RecordingResourceManager } from '@weir/compliance'
import { type ConnectionGater, type ConnManager, type ConnMultiaddrs, deny, nullConnectionGater, nullConnManager, nullResourceManager, type ResourceLimitExceededError, ResourceLimitExceededError as Refusal } from '@weir/network'
import { ConnGatedError, DialError, type SwarmInit } from '../src/index.ts'
import { echo, readAll, swarmPair, type SwarmPair, until } from './swarm-pair.ts'

interface Recorded extends SwarmPair {
  readonly scopes: { readonly a: RecordingResourceManager, readonly b: RecordingResourceManager }
}

/** A pair whose every gater hook and scope call is written down. */
async function recordedPair ({ a = {}, b = {} }: { a?: Partial<SwarmInit>, b?: Partial<SwarmInit> } = {}): Promise<Recorded> {
  const scopes = { a: recordingResourceManager([], a.resourceManager), b: recordingResourceManager([], b.resourceManager) }
  const pair = await swarmPair(
    { ...a, resourceManager: scopes.a, connectionGater: recordingGater(scopes.a.log, a.connectionGater) },
    { ...b, resourceManager: scopes.b, connectionGater: recordingGater(scopes.b.log, b.connectionGater) }
  )
  return { ...pair, scopes }
}

/** A connection, a stream each way on it, and their ends; whatever is refused on the way is swallowed. */
async function wholeLife (pair: Recorded): Promise<void> {
  pair.b.setStreamHandler(async stream => {
    stream.setProtocol('/echo')
    stream.scope.setService('echo')
    await echo(stream)
  })
  try {
    const stream = await pair.a.newStream(pair.b.localPeer)
    try {
      stream.setProtocol('/echo')
      await stream.write(Buffer.from('hello'))
      await stream.closeWrite()
      assert.equal((await readAll(stream)).toString(), 'hello')
      await stream.close()
    } catch {
      stream.reset()
    }
  } catch {}
}

async function conserved (pair: Recorded): Promise<void> {
  await Promise.all([pair.a.close(), pair.b.close()])
  await until(() => pair.scopes.a.leftOpen().length + pair.scopes.b.leftOpen().length === 0, `all scopes end: ${pair.scopes.a.leftOpen()} ${pair.scopes.b.leftOpen()}`)
}

/** Without ports and peers, which differ from run to run, and without the muxer's own reservations. */
const shape = (log: string[]): string[] => log.filter(line => !/^(peer|span)\./.test(line)).map(line => line.replace(/ \/ip4\S*/, ' ADDR').replace(/ 12D3\w+/, ' PEER'))

describe('admission', () => {
  // Go's upgrader: ListenerResourceManagement, OutboundResourceManagement (SuccessfulConn)
  it('TestResourceManagerIsUsed: asks the gater and charges the scopes in order, on both sides', async () => {
    const pair = await recordedPair()
    await wholeLife(pair)
    await conserved(pair)
    assert.deepEqual(shape(pair.scopes.a.log), [
      'gater.peerDial', 'gater.addrDial', 'openConnection outbound fd ADDR', 'conn.setPeer PEER', 'gater.secured outbound', 'gater.upgraded',
      'openStream outbound PEER', 'stream.setProtocol /echo', 'stream.done', 'conn.done'
    ])
    assert.deepEqual(shape(pair.scopes.b.log), [
      'gater.accept', 'openConnection inbound fd ADDR', 'gater.secured inbound', 'conn.setPeer PEER', 'gater.upgraded',
      'openStream inbound PEER', 'stream.setProtocol /echo', 'stream.setService echo', 'stream.done', 'conn.done'
    ])
  })

  // Go's upgrader: ListenerResourceManagementDenied. Go's tcp: ResourceManager conn denied, peer denied
  for (const side of ['a', 'b'] as const) {
    it(`gives everything back when any reservation of the ${side === 'a' ? 'dialer' : 'listener'} is refused`, async () => {
      for (let failAt = 1, more = true; more; failAt++) {
        const failing = failingResourceManager({ failAt })
        const pair = await recordedPair({ [side]: { resourceManager: failing } })
        await wholeLife(pair)
        await conserved(pair)
        more = failing.calls >= failAt
        assert(failAt < 20, 'the last run has no refusal')
      }
    })
  }

  it('fault 14: keeps the whole refusal as the cause of the dial error', async () => {
    const pair = await recordedPair({ a: { resourceManager: failingResourceManager({ failAt: 2 }) } })
    await assert.rejects(pair.a.dialPeer(pair.b.localPeer), (error: unknown) => {
      assert(DialError.is(error))
      const cause = error.failures[0]?.cause
      assert(Refusal.is(cause) && cause.where === 'local')
      assert.equal(cause.resource, 'connection')
      return true
    })
    await conserved(pair)
  })

  it('never closes a manager that it was given', async () => {
    let closed = 0
    const close = async (): Promise<void> => { closed++ }
    const resourceManager = { ...nullResourceManager, close, [Symbol.asyncDispose]: close }
    const pair = await recordedPair({ a: { resourceManager }, b: { resourceManager } })
    await wholeLife(pair)
    await conserved(pair)
    assert.equal(closed, 0)
  })

  it('refuses an inbound stream alone: its connection lives', async () => {
    const pair = await recordedPair({ b: { resourceManager: failingResourceManager({ failAt: 3 }) } })
    pair.b.setStreamHandler(echo)
    const refused = await pair.a.newStream(pair.b.localPeer)
    await assert.rejects(refused.read())
    refused.reset()
    const stream = await pair.a.newStream(pair.b.localPeer)
    await stream.write(Buffer.from('x'))
    assert.equal((await stream.read())?.toString(), 'x')
    await stream.close()
    assert.equal(pair.a.conns().length, 1)
    await conserved(pair)
  })

  const denials: Record<string, { gater: Partial<ConnectionGater>, side: 'a' | 'b', hook: string }> = {
    'peer dial': { gater: { interceptPeerDial: () => deny('rule') }, side: 'a', hook: 'interceptPeerDial' },
    'address dial': { gater: { interceptAddrDial: () => deny('rule') }, side: 'a', hook: 'interceptAddrDial' },
    'secured outbound': { gater: { interceptSecured: () => deny('rule') }, side: 'a', hook: 'interceptSecured' },
    'upgraded outbound': { gater: { interceptUpgraded: () => deny('rule') }, side: 'a', hook: 'interceptUpgraded' },
    accept: { gater: { interceptAccept: () => deny('rule') }, side: 'b', hook: 'interceptAccept' },
    'secured inbound': { gater: { interceptSecured: () => deny('rule') }, side: 'b', hook: 'interceptSecured' },
    'upgraded inbound': { gater: { interceptUpgraded: () => deny('rule') }, side: 'b', hook: 'interceptUpgraded' }
  }
  // Go's upgrader: ConnectionGating of a listener, OutboundConnectionGating
  for (const [name, { gater, side, hook }] of Object.entries(denials)) {
    it(`lets nothing through, and leaves nothing, when the gater denies at ${name}`, async () => {
      const pair = await recordedPair({ [side]: { connectionGater: { ...nullConnectionGater, ...gater } } })
      const connected: string[] = []
      for (const each of ['a', 'b'] as const) pair[each].notify({ listen () {}, listenClose () {}, connected: () => { connected.push(each) }, disconnected () {} })
      const dial = pair.a.dialPeer(pair.b.localPeer)
      if (side === 'a') {
        await assert.rejects(dial, (error: unknown) => {
          assert(DialError.is(error))
          const gated = hook === 'interceptPeerDial' ? error.cause : error.failures[0]?.cause
          assert(ConnGatedError.is(gated), String(gated))
          assert.equal(gated.hook, hook)
          return true
        })
      } else {
        const conn = await dial.catch(() => undefined)
        await until(() => conn === undefined || conn.isClosed(), 'the dialer hears of the end')
      }
      assert.equal(connected.includes(side), false, 'whoever denies is told of no connection')
      await until(() => pair.scopes.a.leftOpen().length + pair.scopes.b.leftOpen().length === 0, 'all scopes end without a close of the swarms')
      await conserved(pair)
    })
  }

  it('asks the connection manager once to make room, and then admits', async () => {
    const asked: [ResourceLimitExceededError, ConnMultiaddrs | undefined][] = []
    const connManager: ConnManager = { ...nullConnManager, makeRoom: (refusal, newcomer) => asked.push([refusal, newcomer]) > 0 }
    const pair = await recordedPair({ b: { connManager, resourceManager: failingResourceManager({ failAt: 1 }) } })
    await pair.a.dialPeer(pair.b.localPeer)
    assert.equal(asked.length, 1)
    const [refusal, newcomer] = asked[0] ?? []
    assert(refusal?.where === 'local')
    await until(() => pair.b.conns().length === 1, 'the newcomer is in')
    assert.equal(newcomer?.remoteMultiaddr.toString(), pair.b.conns()[0]?.remoteMultiaddr.toString(), 'it hears where the newcomer comes from')
    await conserved(pair)
  })

  it('does not end a resource manager that it was given', async () => {
    let closed = false
    {
      await using pair = await swarmPair({ resourceManager: { ...recordingResourceManager(), close: async () => { closed = true } } })
      await pair.a.dialPeer(pair.b.localPeer)
    }
    assert.equal(closed, false)
  })
})
