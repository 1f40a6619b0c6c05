import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { Stream as JsStream, StreamMuxer } from '@libp2p/interface'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { yamux } from '@libp2p/yamux'
import { fromStreamMuxerFactory, toStreamMuxerFactory } from '../src/index.ts'
import { peerScope, QUIET } from './pair.ts'

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** js yamux, made ours and made js again, on both ends of a connection. */
function muxers (): { client: StreamMuxer, server: StreamMuxer, end: () => void } {
  const [outbound, inbound] = multiaddrConnectionPair()
  const factory = toStreamMuxerFactory(fromStreamMuxerFactory(yamux(QUIET)()), { scopeOf: () => peerScope })
  assert.equal(factory.protocol, '/yamux/1.0.0')
  const client = factory.createStreamMuxer(outbound)
  const server = factory.createStreamMuxer(inbound)
  return { client, server, end: () => { client.abort(new Error('done')); server.abort(new Error('done')) } }
}

async function echo (stream: JsStream): Promise<void> {
  for await (const chunk of stream) if (!stream.send(chunk)) await stream.onDrain()
  await stream.close()
}

async function ask (client: StreamMuxer, question: Uint8Array): Promise<Buffer> {
  const stream = await client.createStream()
  const answer: Uint8Array[] = []
  const reading = (async () => {
    for await (const chunk of stream) answer.push(chunk.slice())
  })()
  for (let at = 0; at < question.length; at += 50_000) {
    if (!stream.send(question.subarray(at, at + 50_000))) await stream.onDrain()
  }
  await stream.close()
  await reading
  return Buffer.concat(answer)
}

describe('toStreamMuxerFactory', () => {
  it('echoes 1 MiB through js streams', async () => {
    const { client, server, end } = muxers()
    server.addEventListener('stream', ({ detail }) => { echo(detail).catch((error: Error) => { detail.abort(error) }) })
    const question = randomBytes(1 << 20)
    assert.equal(sha(await ask(client, question)), sha(question))
    end()
  })

  it('echoes on 100 streams at once, and keeps none of them', async () => {
    const { client, server, end } = muxers()
    server.addEventListener('stream', ({ detail }) => { echo(detail).catch((error: Error) => { detail.abort(error) }) })
    const questions = Array.from({ length: 100 }, () => randomBytes(3_000))
    const answers = await Promise.all(questions.map(question => ask(client, question)))
    assert.deepEqual(answers.map(sha), questions.map(sha))
    for (let i = 0; i < 200 && (client.streams.length > 0 || server.streams.length > 0); i++) await new Promise(resolve => { setTimeout(resolve, 2) })
    assert.deepEqual([client.streams.length, server.streams.length], [0, 0])
    end()
  })

  it('keeps streams that come before somebody listens', async () => {
    const { client, server, end } = muxers()
    const early = await client.createStream()
    early.send(Buffer.from('early'))
    await new Promise(resolve => { setTimeout(resolve, 20) })
    const stream = await new Promise<JsStream>(resolve => { server.addEventListener('stream', ({ detail }) => { resolve(detail) }) })
    for await (const chunk of stream) {
      assert.equal(Buffer.from(chunk.slice()).toString(), 'early')
      break
    }
    end()
  })

  it('flushes its streams before it closes', async () => {
    const { client, server } = muxers()
    const got = (async () => {
      const stream = await new Promise<JsStream>(resolve => { server.addEventListener('stream', ({ detail }) => { resolve(detail) }) })
      const chunks: Uint8Array[] = []
      for await (const chunk of stream) chunks.push(chunk.slice())
      return Buffer.concat(chunks).toString()
    })()
    const stream = await client.createStream({ protocol: '/early/1' })
    assert.equal(stream.protocol, '', 'a protocol that is asked for has still to be negotiated')
    stream.send(Buffer.from('last words'))
    await client.close()
    assert.equal(await got, 'last words')
    assert.equal(client.status, 'closed')
    await assert.rejects(client.createStream(), { name: 'MuxerClosedError' })
    for (let i = 0; i < 200 && server.status === 'open'; i++) await new Promise(resolve => { setTimeout(resolve, 2) })
    assert.equal(server.status, 'closed', 'the remote has seen it')
    await client.close()
  })

  it('aborts its streams with itself', async () => {
    const { client, server } = muxers()
    const stream = await client.createStream()
    client.abort(new Error('enough'))
    assert.deepEqual([stream.status, client.status, client.streams.length], ['aborted', 'closed', 0])
    server.abort(new Error('done'))
  })
})
