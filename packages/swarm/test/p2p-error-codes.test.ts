import assert from 'node:assert/strict'
import type { Conn, Stream } from '@weir/network'
import { swarmPair, type SwarmPair, until } from './swarm-pair.ts'

const CODE = 42

/** A connection and a stream on it, each by who dialled (near) and who was dialled (far). */
async function ends (pair: SwarmPair): Promise<{ conns: { near: Conn, far: Conn }, streams: { near: Stream, far: Stream } }> {
  const accepted = Promise.withResolvers<Stream>()
  pair.b.setStreamHandler(async stream => {
    assert.equal(String(await stream.read()), 'x')
    accepted.resolve(stream)
  })
  const near = await pair.a.newStream(pair.b.localPeer)
  await near.write(Buffer.from('x'))
  const far = await accepted.promise
  return { conns: { near: near.conn, far: far.conn }, streams: { near, far } }
}

// p2p/test/transport, TestErrorCodes
describe('error codes', () => {
  for (const [by, other] of [['near', 'far'], ['far', 'near']] as const) {
    describe(`by who ${by === 'near' ? 'dialled' : 'was dialled'}`, () => {
      it('StreamResetWithError: both sides get the code, on read and write, and know whose it is', async () => {
        await using pair = await swarmPair()
        const { streams } = await ends(pair)
        const reading = assert.rejects(streams[other].read(), { code: 'STREAM_RESET', errorCode: CODE, remote: true })
        streams[by].resetWithError(CODE)
        await reading
        await assert.rejects(streams[other].write(Buffer.from('x')), { code: 'STREAM_RESET', errorCode: CODE, remote: true })
        await assert.rejects(streams[by].read(), { code: 'STREAM_RESET', errorCode: CODE, remote: false })
        await assert.rejects(streams[by].write(Buffer.from('x')), { code: 'STREAM_RESET', errorCode: CODE, remote: false })
        streams[other].reset()
      })

      it('StreamResetByConnCloseWithError: the streams of a connection that is closed with a code get that code', async () => {
        await using pair = await swarmPair()
        const { conns, streams } = await ends(pair)
        const reading = assert.rejects(streams[other].read(), { code: 'CONN_CLOSED', errorCode: CODE, remote: true })
        await conns[by].closeWithError(CODE)
        await reading
        await assert.rejects(streams[other].write(Buffer.from('x')), { code: 'CONN_CLOSED', errorCode: CODE, remote: true })
        await assert.rejects(streams[by].read(), { code: 'CONN_CLOSED', errorCode: CODE, remote: false })
        await assert.rejects(streams[by].write(Buffer.from('x')), { code: 'CONN_CLOSED', errorCode: CODE, remote: false })
      })

      it('NewStreamErrorByConnCloseWithError: whoever opens a stream on it later gets it too', async () => {
        await using pair = await swarmPair()
        const { conns } = await ends(pair)
        await conns[by].closeWithError(CODE)
        await until(() => conns[other].isClosed(), 'the other side hears of it')
        await assert.rejects(conns[other].newStream(), { code: 'CONN_CLOSED', errorCode: CODE, remote: true })
        await assert.rejects(conns[by].newStream(), { code: 'CONN_CLOSED', errorCode: CODE, remote: false })
      })
    })
  }
})
