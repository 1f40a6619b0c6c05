import assert from 'node:assert/strict'
import { assertNoTimers, ManualClock, turn } from '@weir/compliance'
import { lazySelect, ProtocolNotSupportedError, select } from '@weir/multistream'
import { nullLogger } from '@weir/adapters'
import { ResourceLimitExceededError, type Stream, StreamErrorCode, StreamResetError } from '@weir/network'
import { InboundStreams } from '../src/inbound-streams.ts'
import { ProtocolTable } from '../src/protocol-table.ts'
import { anyPeer, fakeConn } from './fake-conn.ts'
import { streamPair } from './memory-stream.ts'

const conn = fakeConn(await anyPeer())
const resetCode = (code: number): string => `reset 0x${code.toString(16)}`

function setup () {
  const clock = new ManualClock()
  const table = new ProtocolTable()
  const agreed: (string | undefined)[] = []
  const inbound = new InboundStreams({ table, clock, timeoutMs: 10_000, log: nullLogger.forComponent('test'), onAgreed: stream => { agreed.push(stream.protocol) } })
  const [inner, remote] = streamPair(conn, conn, clock)
  return { clock, table, inbound, inner, remote, agreed }
}

describe('InboundStreams', () => {
  it('hands the stream to the handler of its protocol, and leaves it open when that returns', async () => {
    const { table, inbound, inner, remote, agreed, clock } = setup()
    const handled: Stream[] = []
    table.set('/1', stream => { handled.push(stream) })
    await Promise.all([inbound.accept(inner), select(remote, ['/2', '/1'])])
    assert.deepEqual(handled, [inner])
    assert.equal(inner.protocol, '/1')
    assert.deepEqual(agreed, ['/1'])
    assert.equal(inner.ended, false)
    assertNoTimers(clock)
  })

  it('hands on what came behind the proposal', async () => {
    const { table, inbound, inner, remote } = setup()
    await remote.write(Buffer.concat([lazySelect('/1').prefix, Buffer.from('early')]))
    let read = ''
    table.set('/1', async stream => { read = Buffer.from(await stream.read() ?? []).toString() })
    await inbound.accept(inner)
    assert.equal(read, 'early')
  })

  it('gives a matched stream the name that the remote chose', async () => {
    const { table, inbound, inner, remote } = setup()
    table.setMatch('/any', id => id.startsWith('/x/'), () => {})
    await Promise.all([inbound.accept(inner), select(remote, ['/x/7'])])
    assert.equal(inner.protocol, '/x/7')
  })

  it('resets what speaks nothing we do, after answering', async () => {
    const { inbound, inner, remote } = setup()
    const accepting = inbound.accept(inner)
    await assert.rejects(select(remote, ['/1']), ProtocolNotSupportedError.is)
    await remote.close()
    await accepting
    assert.equal(inner.log.at(-1), resetCode(StreamErrorCode.protocolNegotiationFailed))
  })

  it('resets a remote that says nothing in time', async () => {
    const { inbound, inner, clock } = setup()
    await Promise.all([inbound.accept(inner), clock.advanceAsync(10_000)])
    assert.equal(inner.log.at(-1), resetCode(StreamErrorCode.protocolNegotiationFailed))
    assertNoTimers(clock)
  })

  it('resets nonsense, and survives a matcher that throws', async () => {
    const nonsense = setup()
    await nonsense.remote.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))
    await nonsense.inbound.accept(nonsense.inner)
    assert.equal(nonsense.inner.ended, true)
    const { table, inbound, inner, remote } = setup()
    table.setMatch('/any', () => { throw new Error('a bug') }, () => {})
    await Promise.all([inbound.accept(inner), assert.rejects(select(remote, ['/1']), StreamResetError.is)])
    assert.equal(inner.ended, true)
  })

  it('says by its code that a limit refused the protocol, and runs no handler', async () => {
    const { table, inbound, inner, remote } = setup()
    let ran = false
    table.set('/1', () => { ran = true })
    inner.setProtocol = () => { throw new ResourceLimitExceededError({ where: 'local', scope: { kind: 'system' }, resource: 'stream', current: 1, attempted: 1, limit: 1 }) }
    await Promise.all([inbound.accept(inner), select(remote, ['/1']).catch(() => {})])
    assert.equal(inner.log.at(-1), resetCode(StreamErrorCode.resourceLimitExceeded))
    assert.equal(ran, false)
  })

  it('resets a stream whose handler was removed while it was agreed on', async () => {
    const { table, inbound, inner, remote } = setup()
    table.set('/1', () => {})
    const write = inner.write.bind(inner)
    inner.write = async data => {
      table.remove('/1')
      await write(data)
    }
    await Promise.all([inbound.accept(inner), select(remote, ['/1']).catch(() => {})])
    assert.equal(inner.ended, true)
  })

  it('rejects with what the handler rejects with, and does not reset: that is for whoever handed the stream in', async () => {
    const { table, inbound, inner, remote } = setup()
    table.set('/1', async () => { throw new Error('handler') })
    await Promise.all([assert.rejects(inbound.accept(inner), /handler/), select(remote, ['/1'])])
    assert.equal(inner.ended, false)
  })

  it('resets the streams whose handlers run when it ends, and those that come after', async () => {
    const { table, inbound, inner, remote } = setup()
    table.set('/1', async stream => { await stream.read() })
    const accepting = inbound.accept(inner)
    await select(remote, ['/1'])
    await turn()
    inbound.end()
    await assert.rejects(accepting, StreamResetError.is)
    assert.equal(inner.log.at(-1), resetCode(StreamErrorCode.shutdown))
    const [late] = streamPair(conn)
    await inbound.accept(late)
    assert.equal(late.log.at(-1), resetCode(StreamErrorCode.shutdown))
  })
})
