import assert from 'node:assert/strict'
import { assertNoTimers, ManualClock, recordingResourceManager, turn, within } from '@weir/compliance'
import { ByteReader, ConnectionClosedError } from '@weir/io-scheduler'
import { multiaddr } from '@multiformats/multiaddr'
import { accept, bytes, type ConnectionInfo, defaultCrypto, loadSodiumCrypto, type NodeMetadata, nobleCrypto } from '../src/index.ts'
import { Channel } from '../src/channel.ts'
import { MAX_CHUNK_BYTES } from '../src/chunk-size.ts'
import { MessageDecoder } from '../src/message-decoder.ts'
import { TypedConnection } from '../src/typed-connection.ts'
import { unhex } from './cryptos.ts'
import { memoryPair } from './memory-conn.ts'
import { anyIdentity, authenticatedPair, VERSION } from './session-pair.ts'

const METADATA = { disableMempool: false, privateNode: false }
const INFO: ConnectionInfo<NodeMetadata> = {
  incoming: false, peerId: anyIdentity(1).peerId, idPoint: { address: '::1', port: undefined }, remoteSocketPort: 1, announcedVersion: VERSION, privateNode: false, localMetadata: METADATA, remoteMetadata: METADATA
}

describe('a session whose nonces are used up', () => {
  it('ends before one is used twice, writing as well as reading', async () => {
    const pair = memoryPair()
    const clock = new ManualClock()
    const manager = recordingResourceManager()
    const key = unhex('44'.repeat(32))
    const nonces = (left: number): Uint8Array => unhex(`${'ff'.repeat(23)}${(256 - left).toString(16)}`)
    const end = (conn: typeof pair.client, left: { local: number, remote: number }): TypedConnection<Uint8Array, NodeMetadata> => new TypedConnection({
      conn,
      reader: new ByteReader(conn),
      channel: new Channel({ crypto: defaultCrypto, key, incoming: false, sent: key, received: key }, { local: nonces(left.local), remote: nonces(left.remote) }),
      scope: manager.openConnection('outbound', true, multiaddr('/ip4/192.0.2.1/tcp/1')),
      info: INFO,
      clock,
      encoding: bytes(),
      decoder: new MessageDecoder(bytes(), 1_000),
      chunkBytes: MAX_CHUNK_BYTES,
      incomingMessageQueueBytes: 1_000,
      outgoingMessageQueueBytes: 1_000
    })
    const [a, b] = [end(pair.client, { local: 2, remote: 9 }), end(pair.server, { local: 9, remote: 2 })]
    for (let i = 0; i < 2; i++) await a.writeSync(unhex('aa'))
    for (let i = 0; i < 2; i++) await b.read()
    a.writeNow(unhex('bb'))
    assert.deepEqual(await within(a.closed, 'the end'), { kind: 'connection-closed-by-unexpected-error', during: 'write', error: 'the nonces of the session are used up' })
    await assert.rejects(a.read(), { code: 'P2P_NONCE_EXHAUSTED' })
    assert.throws(() => a.writeNow(unhex('bb')), ConnectionClosedError.is)
    await assert.rejects(b.read(), ConnectionClosedError.is)
    await turn()
    manager.assertAllEnded()
    assertNoTimers(clock)
  })
})

describe('a session between the two libraries', () => {
  it('is one like any other', async () => {
    for (const [client, server] of [[loadSodiumCrypto(), nobleCrypto], [nobleCrypto, loadSodiumCrypto()]] as const) {
      const auth = await authenticatedPair({ ...memoryPair(), async [Symbol.asyncDispose] () {} }, { client: { crypto: client }, server: { crypto: server } })
      const [a, b] = await Promise.all([accept(auth.client, { encoding: bytes() }), accept(auth.server, { encoding: bytes() })])
      await Promise.all([a.writeSync(new Uint8Array(70_000).fill(7)), b.writeSync(unhex('aabb'))])
      assert.deepEqual(new Uint8Array((await b.read()).message), new Uint8Array(70_000).fill(7))
      assert.deepEqual(new Uint8Array((await a.read()).message), unhex('aabb'))
      await Promise.all([a.close(), b.close()])
    }
  })
})
