import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { ProtocolNotSupportedError } from '@weir/multistream'
import { LimitedConnError } from '@weir/network'
import { MissingPeerIdError } from '../src/errors.ts'
import { toJsError } from '../src/js-error.ts'
import { anyPeer } from './fake-conn.ts'

describe('toJsError', () => {
  it('gives errors the names that js services look for, with ours as the cause', async () => {
    const table: [Error, string][] = [
      [new ProtocolNotSupportedError(['/a']), 'UnsupportedProtocolError'],
      [new LimitedConnError(await anyPeer()), 'LimitedConnectionError'],
      [new MissingPeerIdError(multiaddr('/ip4/192.0.2.1/tcp/1')), 'InvalidParametersError']
    ]
    for (const [ours, name] of table) {
      const theirs = toJsError(ours) as Error
      assert.equal(theirs.name, name)
      assert.equal(theirs.cause, ours)
      assert.equal(theirs.message, ours.message)
    }
    const other = new Error('other')
    assert.equal(toJsError(other), other)
  })
})
