import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { muxedPair } from './pair.ts'

describe('fromStreamMuxerFactory', () => {
  it('carries 1 MiB', async () => {
    const { client, server } = muxedPair()
    const out = await client.openStream()
    const data = randomBytes(1 << 20)
    const sent = out.write(data).then(() => out.closeWrite())
    const inn = await server.acceptStream()
    const hash = createHash('sha256')
    let n = 0
    for await (const chunk of inn) { hash.update(chunk); n += chunk.length }
    await sent
    assert.equal(n, data.length)
    assert.equal(hash.digest('hex'), createHash('sha256').update(data).digest('hex'))
    await inn.close()
    assert.equal(await out.read(), undefined)
    await client.close()
    await assert.rejects(server.acceptStream())
    assert.equal(server.isClosed(), true)
  })
})
