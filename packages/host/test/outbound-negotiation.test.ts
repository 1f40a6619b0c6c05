import assert from 'node:assert/strict'
import { assertNoTimers, ManualClock } from '@weir/compliance'
import { handle, lazySelect, NegotiationError, ProtocolNotSupportedError } from '@weir/multistream'
import { DeadlineExceededError, nullPeerstore, type Peerstore, ResourceLimitExceededError, StreamErrorCode } from '@weir/network'
import { OutboundNegotiation } from '../src/outbound-negotiation.ts'
import { anyPeer, fakeConn } from './fake-conn.ts'
import { streamPair } from './memory-stream.ts'

const peer = await anyPeer()
const conn = fakeConn(peer)

/** A peerstore's book of protocols, for one peer. */
function protoBook (...known: string[]): { peerstore: Peerstore, known: Set<string> } {
  const book = new Set(known)
  return {
    known: book,
    peerstore: {
      ...nullPeerstore,
      firstSupportedProtocol: (_peer, ...ids) => ids.find(id => book.has(id)),
      addProtocols: (_peer, ...ids) => { for (const id of ids) book.add(id) },
      removeProtocols: (_peer, ...ids) => { for (const id of ids) book.delete(id) }
    }
  }
}

function setup (...protocols: string[]) {
  const clock = new ManualClock()
  const { peerstore, known } = protoBook(...protocols)
  const agreed: string[] = []
  const negotiation = new OutboundNegotiation({ peerstore, clock, timeoutMs: 10_000, onAgreed: (_peer, protocol) => { agreed.push(protocol) } })
  const [inner, remote] = streamPair(conn, conn, clock)
  return { clock, negotiation, known, agreed, inner, remote }
}

const resetCode = (code: number): string => `reset 0x${code.toString(16)}`

describe('OutboundNegotiation', () => {
  it('asks when nothing is known, in the order of the caller, and remembers the answer', async () => {
    const { negotiation, inner, remote, known, agreed, clock } = setup()
    const [stream] = await Promise.all([negotiation.negotiate(inner, ['/2', '/1']), handle(remote, ['/1'])])
    assert.equal(stream, inner, 'no wrapper where there is nothing to wrap')
    assert.equal(stream.protocol, '/1')
    assert.deepEqual([...known], ['/1'])
    assert.deepEqual(agreed, ['/1'])
    await clock.advanceAsync(60_000)
    await remote.write(Buffer.from('x'))
    assert.equal((await stream.read())?.byteLength, 1, 'the deadline of the negotiation is over')
    await stream.close()
    assertNoTimers(clock)
  })

  it('gives back bytes that came behind the answer', async () => {
    const { negotiation, inner, remote } = setup()
    await remote.write(Buffer.concat([lazySelect('/1').prefix, Buffer.from('behind')]))
    const stream = await negotiation.negotiate(inner, ['/1'])
    assert.equal(Buffer.from(await stream.read() ?? []).toString(), 'behind')
  })

  it('expects the first that is known, in the order of the caller, without a word', async () => {
    const { negotiation, inner } = setup('/1', '/3')
    const stream = await negotiation.negotiate(inner, ['/2', '/3', '/1'])
    assert.equal(stream.protocol, '/3')
    assert.deepEqual(inner.log, ['setProtocol /3'])
  })

  it('asks all the same when it is to negotiate fully', async () => {
    const { negotiation, inner, remote } = setup('/1')
    const [stream] = await Promise.all([negotiation.negotiate(inner, ['/1'], { fully: true }), handle(remote, ['/1'])])
    assert.equal(stream.protocol, '/1')
    assert.equal(inner.log[0]?.startsWith('write'), true)
  })

  it('forgets what proves wrong when it asks, too', async () => {
    const { negotiation, inner, remote, known } = setup('/1', '/2')
    await Promise.all([
      assert.rejects(negotiation.negotiate(inner, ['/1'], { fully: true }), ProtocolNotSupportedError.is),
      handle(remote, ['/3']).catch(() => {})
    ])
    assert.deepEqual([...known], ['/2'])
  })

  it('forgets what proves wrong, and asks the next time', async () => {
    const { negotiation, inner, remote, known } = setup('/1')
    const stream = await negotiation.negotiate(inner, ['/1'])
    await Promise.all([assert.rejects(stream.read(), ProtocolNotSupportedError.is), handle(remote, ['/2']).catch(() => {})])
    assert.deepEqual([...known], [])
  })

  it('resets the stream when the remote speaks none of them', async () => {
    const { negotiation, inner, remote, known, clock } = setup('/other')
    await Promise.all([
      assert.rejects(negotiation.negotiate(inner, ['/1', '/2']), (error: unknown) => ProtocolNotSupportedError.is(error) && error.protocols.length === 2),
      handle(remote, ['/3']).catch(() => {})
    ])
    assert.equal(inner.log.at(-1), resetCode(StreamErrorCode.protocolNegotiationFailed))
    assert.deepEqual([...known], ['/other'])
    assertNoTimers(clock)
  })

  it('resets the stream of a remote that does not answer in time', async () => {
    const { negotiation, inner, clock } = setup()
    const negotiating = negotiation.negotiate(inner, ['/1'])
    await Promise.all([assert.rejects(negotiating, DeadlineExceededError.is), clock.advanceAsync(10_000)])
    assert.equal(inner.ended, true)
    assertNoTimers(clock)
  })

  it('resets the stream of a remote that does not keep to the protocol', async () => {
    const { negotiation, inner, remote } = setup()
    await remote.write(Buffer.from('\u0005nope\n'))
    await assert.rejects(negotiation.negotiate(inner, ['/1']), NegotiationError.is)
    assert.equal(inner.ended, true)
  })

  it('resets the stream when the caller gives up, before or while it waits', async () => {
    const before = setup()
    await assert.rejects(before.negotiation.negotiate(before.inner, ['/1'], { signal: AbortSignal.abort(new Error('gone')) }), /gone/)
    assert.equal(before.inner.ended, true)
    const { negotiation, inner } = setup()
    const giveUp = new AbortController()
    const negotiating = negotiation.negotiate(inner, ['/1'], { signal: giveUp.signal })
    giveUp.abort(new Error('gone'))
    await assert.rejects(negotiating, /gone/)
    assert.equal(inner.ended, true)
  })

  it('says by its code that a limit refused the protocol', async () => {
    for (const known of [[], ['/1']]) {
      const { negotiation, inner, remote, agreed } = setup(...known)
      inner.setProtocol = () => { throw new ResourceLimitExceededError({ where: 'local', scope: { kind: 'system' }, resource: 'stream', current: 1, attempted: 1, limit: 1 }) }
      await Promise.all([assert.rejects(negotiation.negotiate(inner, ['/1']), ResourceLimitExceededError.is), handle(remote, ['/1']).catch(() => {})])
      assert.equal(inner.log.at(-1), resetCode(StreamErrorCode.resourceLimitExceeded))
      assert.deepEqual(agreed, [])
    }
  })

  it('resets the stream of a protocol that is none', async () => {
    const { negotiation, inner } = setup('/a\n/b')
    await assert.rejects(negotiation.negotiate(inner, ['/a\n/b']), RangeError)
    assert.equal(inner.ended, true)
  })
})
