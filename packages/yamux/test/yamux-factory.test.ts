import assert from 'node:assert/strict'
import { multiaddrConnectionPair } from '@libp2p/utils'
import type { Stream } from '@libp2p/interface'
import { CountingPeerScope } from '@weir/compliance'
import { yamuxFactory } from '../src/index.ts'

describe('yamuxFactory', () => {
  it('makes muxers for stock js-libp2p, whose windows are charged where it is told', async () => {
    const scopes = [new CountingPeerScope(), new CountingPeerScope()] as const
    const [outbound, inbound] = multiaddrConnectionPair()
    const factory = yamuxFactory({ scopeOf: conn => scopes[conn === outbound ? 0 : 1] })()
    assert.equal(factory.protocol, '/yamux/1.0.0')
    const [client, server] = [factory.createStreamMuxer(outbound), factory.createStreamMuxer(inbound)]
    server.addEventListener('stream', ({ detail: stream }: CustomEvent<Stream>) => {
      stream.addEventListener('message', ({ data }) => { stream.send(data) })
      stream.addEventListener('remoteCloseWrite', () => { void stream.close() })
    })
    const stream = await client.createStream()
    const answer = Promise.withResolvers<string>()
    stream.addEventListener('message', ({ data }) => { answer.resolve(Buffer.from(data.subarray()).toString()) })
    stream.send(Buffer.from('hello'))
    assert.equal(await answer.promise, 'hello')
    assert.deepEqual(scopes.map(({ bytes }) => bytes), [262_144, 262_144])
    await stream.close()
    await client.close()
    await server.close()
    assert.deepEqual(scopes.map(({ bytes }) => bytes), [0, 0])
  })

  it('needs no options, and knows those it has', () => {
    assert.equal(yamuxFactory()().protocol, '/yamux/1.0.0')
    assert.throws(() => yamuxFactory({ maxStreams: 3 } as object), /yamux has no option maxStreams/)
  })
})
