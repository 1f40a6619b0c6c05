import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { nullResolver } from '../src/index.ts'

describe('nullResolver', () => {
  it('gives addresses back as they are', async () => {
    const [name, group] = [multiaddr('/dns4/a.example/tcp/1'), multiaddr('/dnsaddr/b.example')]
    assert.deepEqual(await nullResolver.resolveDNSComponent(name, { outputLimit: 1 }), [name])
    assert.deepEqual(await nullResolver.resolveDNSAddr(group, { outputLimit: 1, recursionLimit: 1 }), [group])
  })
})
