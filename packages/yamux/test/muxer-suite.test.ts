import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { CountingPeerScope, until } from '@weir/compliance'
import { ConnClosedError, type MuxedConn, type MuxedStream, StreamResetError } from '@weir/network'
import { muxedPair, type Pair, readAll } from './pair.ts'

/** Hands what the remote opens to the handler, until the connection ends. */
async function serve (conn: MuxedConn, handler: (stream: MuxedStream) => Promise<void>): Promise<void> {
  try {
    while (true) void handler(await conn.acceptStream()).catch(() => {})
  } catch {
    // the connection has ended
  }
}

async function echo (stream: MuxedStream): Promise<void> {
  for await (const chunk of stream) await stream.write(chunk)
  await stream.close()
}

/** A pair, and the check that all memory has come back: with a connection that lives, or with none. */
function counted (): { pair: Pair, assertAtRest: (conns?: number) => void } {
  const scopes = [new CountingPeerScope(), new CountingPeerScope()] as const
  return { pair: muxedPair({ scopes }), assertAtRest: (conns = 0) => { assert.deepEqual(scopes.flatMap(({ bytes, spans }) => [bytes, spans]), [0, conns, 0, conns]) } }
}

interface Stress {
  readonly conns: number
  readonly streams: number
  readonly messages: number
  readonly bytes: number
}

/** Go's, whose 1×1000×10 skips yamux for its backlog, in which ours waits. The last one sends 10 MB a message there. */
const STRESSES: readonly Stress[] = [
  { conns: 1, streams: 1, messages: 1, bytes: 100 },
  { conns: 1, streams: 1, messages: 100, bytes: 100 },
  { conns: 1, streams: 100, messages: 100, bytes: 100 },
  { conns: 10, streams: 10, messages: 50, bytes: 100 },
  { conns: 1, streams: 1_000, messages: 10, bytes: 100 },
  { conns: 1, streams: 20, messages: 5, bytes: 300_000 }
]

async function converse (conn: MuxedConn, { messages, bytes }: Stress): Promise<void> {
  const stream = await conn.openStream()
  const sent = Array.from({ length: messages }, () => randomBytes(bytes))
  const received = readAll(stream)
  for (const message of sent) await stream.write(message)
  await stream.closeWrite()
  assert(Buffer.concat(sent).equals(await received))
  await stream.close()
}

// Go's suite of stream muxers, p2p/muxer/testsuite. SimpleWrite is "streams open from both ends" of the compliance suite.
describe('Go\'s suite of muxers', () => {
  it('StreamOpenStress: both ends open 1,000 streams, five at a time, which the other end resets', async () => {
    const { pair, assertAtRest } = counted()
    const ends = [[pair.client, pair.server], [pair.server, pair.client]] as const
    let accepted = 0
    for (const [, acceptor] of ends) {
      void serve(acceptor, async stream => {
        accepted++
        stream.reset()
      })
    }
    await Promise.all(ends.flatMap(([opener]) => Array.from({ length: 5 }, async () => {
      for (let i = 0; i < 200; i++) {
        const stream = await opener.openStream()
        await assert.rejects(stream.read(), StreamResetError.is)
        stream.reset()
      }
    })))
    assert.equal(accepted, 2_000)
    assertAtRest(1)
    pair.end()
    assertAtRest()
  })

  it('StreamReset: who writes to a stream that the other end has reset is told so', async () => {
    const { pair, assertAtRest } = counted()
    const { out, into } = await pair.stream()
    into.reset()
    await assert.rejects(async () => {
      while (true) await out.write(Buffer.alloc(1_000))
    }, (error: unknown) => StreamResetError.is(error) && error.remote)
    out.reset()
    assertAtRest(1)
    pair.end()
    assertAtRest()
  })

  it('WriteAfterClose: who writes to a stream of a connection that is closed is told so, at both ends', async () => {
    const { pair, assertAtRest } = counted()
    const { out, into } = await pair.stream()
    await pair.client.close()
    await assert.rejects(out.write(Buffer.from('x')), (error: unknown) => ConnClosedError.is(error) && !error.remote)
    await until(() => pair.server.isClosed(), 'the other end is closed')
    await assert.rejects(into.write(Buffer.from('x')), (error: unknown) => StreamResetError.is(error) && error.remote) // close resets what is open
    assertAtRest()
  })

  it('StreamLeftOpen: ten streams of which both ends have written their ends, and nobody closes, end with the connection', async () => {
    const { pair, assertAtRest } = counted()
    const served: MuxedStream[] = []
    void serve(pair.server, async stream => {
      served.push(stream)
      await readAll(stream)
      await stream.closeWrite()
    })
    await Promise.all(Array.from({ length: 10 }, async () => {
      const stream = await pair.client.openStream()
      for (let i = 0; i < 50; i++) await stream.write(randomBytes(100))
      await stream.closeWrite()
      assert.equal((await readAll(stream)).byteLength, 0)
    }))
    assert.equal(served.length, 10)
    await Promise.all([pair.client.close(), pair.server.close()])
    assertAtRest()
  })

  for (const stress of STRESSES) {
    it(`Stress: ${stress.conns} connections, ${stress.streams} streams each, ${stress.messages} messages of ${stress.bytes} bytes`, async () => {
      await Promise.all(Array.from({ length: stress.conns }, async () => {
        const { pair, assertAtRest } = counted()
        void serve(pair.server, echo)
        await Promise.all(Array.from({ length: stress.streams }, async () => { await converse(pair.client, stress) }))
        await Promise.all([pair.client.close(), pair.server.close()])
        assertAtRest()
      }))
    }).timeout(30_000)
  }
})
