import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { yamux as jsYamux } from '@libp2p/yamux'
import { fromStreamMuxerFactory } from '@weir/adapters'
import { CountingPeerScope, secureConnPair } from '@weir/compliance'
import type { Multiplexer, MuxedConn } from '@weir/network'
import { yamux } from '../src/index.ts'
import { readAll } from './pair.ts'

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function echoAll (conn: MuxedConn): Promise<void> {
  try {
    while (true) {
      const stream = await conn.acceptStream()
      void (async () => {
        for await (const chunk of stream) await stream.write(chunk)
        await stream.close()
      })().catch(() => {})
    }
  } catch {
    // the connection has ended
  }
}

async function ask (conn: MuxedConn, message: Uint8Array): Promise<Buffer> {
  const stream = await conn.openStream()
  const answer = readAll(stream)
  await stream.write(message)
  await stream.closeWrite()
  try {
    return await answer
  } finally {
    await stream.close()
  }
}

describe('with @libp2p/yamux at the other end', () => {
  const ours = yamux()
  const theirs = fromStreamMuxerFactory(jsYamux()())
  const ways: [string, Multiplexer, Multiplexer][] = [['ours dials', ours, theirs], ['theirs dials', theirs, ours]]
  for (const [what, dialler, listener] of ways) {
    it(`${what}: 10 MiB come back, and 1,000 streams keep their bytes apart, from both ends`, async () => {
      const [near, far] = secureConnPair()
      const scopes = [new CountingPeerScope(), new CountingPeerScope()] as const
      const conns = [dialler.newConn(near, false, scopes[0]), listener.newConn(far, true, scopes[1])] as const
      for (const [opener, acceptor] of [conns, [conns[1], conns[0]] as const]) {
        void echoAll(acceptor)
        const large = randomBytes(10 << 20)
        assert.equal(sha(await ask(opener, large)), sha(large))
        for (let round = 0; round < 10; round++) {
          await Promise.all(Array.from({ length: 100 }, async (_, i) => {
            const message = Buffer.from(`stream ${round * 100 + i}`)
            assert.deepEqual(await ask(opener, message), message)
          }))
        }
      }
      await Promise.all(conns.map(conn => conn.close()))
      assert.deepEqual(scopes.flatMap(({ bytes, spans }) => [bytes, spans]), [0, 0, 0, 0])
    }).timeout(60_000)
  }
})
