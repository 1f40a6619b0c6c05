import assert from 'node:assert/strict'
import { UnexpectedStreamEndError } from '../src/errors.ts'
import { ExactReader } from '../src/exact-reader.ts'
import { anyPeer, fakeConn } from './fake-conn.ts'
import { streamPair } from './memory-stream.ts'

const conn = fakeConn(await anyPeer())

describe('ExactReader', () => {
  it('reads whole pieces however the remote cut them', async () => {
    const bytes = Buffer.from('0123456789abcdef')
    for (let cut = 1; cut <= bytes.byteLength; cut++) {
      const [near, remote] = streamPair(conn)
      for (let at = 0; at < bytes.byteLength; at += cut) await remote.write(bytes.subarray(at, at + cut))
      await remote.closeWrite()
      const reader = new ExactReader(near)
      assert.equal(Buffer.from(await reader.read(5) ?? []).toString(), '01234')
      assert.equal(Buffer.from(await reader.read(8) ?? []).toString(), '56789abc')
      const rest: Uint8Array[] = []
      for (let some = await reader.readSome(); some !== undefined; some = await reader.readSome()) rest.push(some)
      assert.equal(Buffer.concat(rest).toString(), 'def')
      assert.equal(await reader.read(1), undefined)
    }
  })

  it('tells a clean end from one in the middle', async () => {
    const [near, remote] = streamPair(conn)
    await remote.write(Buffer.from('abc'))
    await remote.closeWrite()
    await assert.rejects(new ExactReader(near).read(4), (error: unknown) => UnexpectedStreamEndError.is(error) && error.receivedBytes === 3 && error.expectedBytes === 4)
  })
})
