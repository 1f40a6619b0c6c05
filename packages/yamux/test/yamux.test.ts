import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { CountingPeerScope } from '@weir/compliance'
import { yamux } from '../src/index.ts'
import { muxedPair, readAll } from './pair.ts'

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('yamux', () => {
  it('carries 10 MiB and its end, both ways at once', async () => {
    const scopes = [new CountingPeerScope(), new CountingPeerScope()] as const
    const { client, server, stream } = muxedPair({ scopes })
    const { out, into } = await stream()
    const there = randomBytes(10 << 20)
    const back = randomBytes(10 << 20)
    const [, , gotThere, gotBack] = await Promise.all([
      out.write(there).then(() => out.closeWrite()),
      into.write(back).then(() => into.closeWrite()),
      readAll(into),
      readAll(out)
    ])
    assert.equal(sha(gotThere), sha(there))
    assert.equal(sha(gotBack), sha(back))
    await Promise.all([out.close(), into.close()])
    await Promise.all([client.close(), server.close()])
    assert.deepEqual(scopes.flatMap(({ bytes, spans }) => [bytes, spans]), [0, 0, 0, 0])
  })

  it('carries 1,000 streams at once', async () => {
    const { client, server, end } = muxedPair()
    const echo = (async () => {
      for (let i = 0; i < 1_000; i++) {
        const stream = await server.acceptStream()
        void (async () => {
          for await (const chunk of stream) await stream.write(chunk)
          await stream.close()
        })()
      }
    })()
    const answers = await Promise.all(Array.from({ length: 1_000 }, async (_, i) => {
      const stream = await client.openStream()
      const message = Buffer.alloc(5_000, i)
      await stream.write(message)
      await stream.closeWrite()
      const answer = await readAll(stream)
      await stream.close()
      return answer.equals(message)
    }))
    await echo
    assert(answers.every(Boolean))
    end()
  })

  it('knows its options', () => {
    assert.throws(() => yamux({ acceptBaclog: 3 } as object), /yamux has no option acceptBaclog/)
    assert.throws(() => yamux({ acceptBacklog: 1.5 }), /acceptBacklog must be a whole number/)
    assert.throws(() => yamux({ initialStreamWindowSizeBytes: 65_536 }), /initialStreamWindowSizeBytes must be from 262144/)
    assert.throws(() => yamux({ maxStreamWindowSizeBytes: 2 ** 32 }), /maxStreamWindowSizeBytes must be from/)
    assert.throws(() => yamux({ maxMessageSizeBytes: 100 }), /maxMessageSizeBytes must be from 1024/)
    assert.throws(() => yamux({ maxIncomingStreams: 0 }), /maxIncomingStreams must be a whole number/)
    assert.throws(() => yamux({ enableKeepAlive: 1 } as object), /enableKeepAlive must be true or false/)
    assert.equal(yamux({ maxIncomingStreams: Infinity }).protocol, '/yamux/1.0.0')
  })
})
