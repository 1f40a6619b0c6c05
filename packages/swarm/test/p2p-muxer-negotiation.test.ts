import assert from 'node:assert/strict'
import { noise } from '@libp2p/noise'
import type { ConnectionEncrypter } from '@libp2p/interface'
import { recordingResourceManager } from '@weir/compliance'
import type { Multiplexer } from '@weir/network'
import { yamux } from '@weir/yamux'
import { DialError, UpgradeError } from '../src/index.ts'
import { echo, readAll, swarmPair, until } from './swarm-pair.ts'

type Components = Parameters<ReturnType<typeof noise>>[0]

/** Noise that carries the muxers, and Noise that leaves them to a negotiation of their own. */
const SECURITIES: Record<string, { early: boolean, encrypter: (components: Components) => ConnectionEncrypter }> = {
  'within the handshake': { early: true, encrypter: noise() },
  'behind the handshake': { early: false, encrypter: components => noise()({ ...components, upgrader: { getStreamMuxers: () => new Map() } } as never) }
}

/** By Go's names: what the dialer and the listener offer, and what comes of it. */
const CASES: Record<string, { client: string[], server: string[], chosen: string | undefined }> = {
  'server and client have the same preference': { client: ['/one', '/two'], server: ['/one', '/two'], chosen: '/one' },
  'client only supports the second': { client: ['/two'], server: ['/one', '/two'], chosen: '/two' },
  'server only supports the second': { client: ['/one', '/two'], server: ['/two'], chosen: '/two' },
  'different preferences: the client\'s wins': { client: ['/two', '/one'], server: ['/one', '/two'], chosen: '/two' },
  'no overlap': { client: ['/one'], server: ['/two'], chosen: undefined }
}

const muxers = (names: string[]): Multiplexer[] => names.map(protocol => ({ ...yamux(), protocol }))

// p2p/test/negotiation, TestMuxerNegotiation
describe('muxer negotiation', () => {
  for (const [how, { early, encrypter }] of Object.entries(SECURITIES)) {
    for (const [name, { client, server, chosen }] of Object.entries(CASES)) {
      it(`${how}: ${name}`, async () => {
        const scopes = [recordingResourceManager(), recordingResourceManager()] as const
        await using pair = await swarmPair(
          { encrypters: [encrypter], muxers: muxers(client), resourceManager: scopes[0] },
          { encrypters: [encrypter], muxers: muxers(server), resourceManager: scopes[1] }
        )
        pair.b.setStreamHandler(echo)
        if (chosen === undefined) {
          await assert.rejects(pair.a.dialPeer(pair.b.localPeer), (error: unknown) => {
            const cause = DialError.is(error) ? error.failures[0]?.cause : undefined
            return UpgradeError.is(cause) && cause.step === (early ? 'security' : 'muxer') // Noise itself refuses then
          })
          await until(() => scopes.every(scope => scope.leftOpen().length === 0), 'all scopes end')
          return
        }
        const stream = await pair.a.newStream(pair.b.localPeer)
        await stream.write(Buffer.from('hello'))
        await stream.closeWrite()
        assert.equal(String(await readAll(stream)), 'hello')
        for (const swarm of [pair.a, pair.b]) {
          const { streamMultiplexer, usedEarlyMuxerNegotiation } = swarm.conns()[0]?.connState() ?? {}
          assert.deepEqual({ streamMultiplexer, usedEarlyMuxerNegotiation }, { streamMultiplexer: chosen, usedEarlyMuxerNegotiation: early })
        }
        await stream.close()
      })
    }
  }
})
