import assert from 'node:assert/strict'
import { type ScopeId, scopeName } from '../src/index.ts'
import { testPeer } from './peers.ts'

const peer = testPeer('12D3')

describe('scopeName', () => {
  const names: [ScopeId, string][] = [
    [{ kind: 'system' }, 'system'],
    [{ kind: 'transient' }, 'transient'],
    [{ kind: 'allowlisted-system' }, 'allowlisted-system'],
    [{ kind: 'allowlisted-transient' }, 'allowlisted-transient'],
    [{ kind: 'service', service: 'ping' }, 'service ping'],
    [{ kind: 'protocol', protocol: '/ping/1' }, 'protocol /ping/1'],
    [{ kind: 'peer', peer }, 'peer 12D3'],
    [{ kind: 'service-peer', service: 'ping', peer }, 'service ping of peer 12D3'],
    [{ kind: 'protocol-peer', protocol: '/ping/1', peer }, 'protocol /ping/1 of peer 12D3'],
    [{ kind: 'connection', id: 7 }, 'connection 7'],
    [{ kind: 'stream', id: 8 }, 'stream 8'],
    [{ kind: 'span', owner: { kind: 'stream', id: 8 }, id: 9 }, 'span 9 of stream 8'],
    [{ kind: 'subnet', prefix: '192.0.2.0/24' }, 'subnet 192.0.2.0/24'],
    [{ kind: 'rate', prefix: '192.0.2.0/24' }, 'rate 192.0.2.0/24']
  ]

  for (const [id, name] of names) {
    it(`is "${name}"`, () => {
      assert.equal(scopeName(id), name)
    })
  }
})
