import assert from 'node:assert/strict'
import { samplePeer } from '@weir/compliance'
import { type MultiaddrDNSResolver, nullResolver } from '@weir/network'
import { MAX_PARALLEL_RESOLUTIONS } from '../src/defaults.ts'
import { AddrResolveError } from '../src/dial-errors.ts'
import { createDNSResolver } from '../src/dns-resolver.ts'
import { type ResolvedAddrs, resolveAddrs } from '../src/resolve-addrs.ts'
import { addrsOf } from './fake-transport.ts'
import { fakeDNS } from './fake-dns.ts'

const PEER = samplePeer(0)

async function resolve (texts: string[], { resolver, outputLimit = 100, signal = new AbortController().signal }: { resolver: MultiaddrDNSResolver, outputLimit?: number, signal?: AbortSignal }): Promise<ResolvedAddrs> {
  return await resolveAddrs(PEER, addrsOf(...texts), { resolver, outputLimit, recursionLimit: 4, signal })
}

const names = (records: Record<string, readonly unknown[]>): MultiaddrDNSResolver => createDNSResolver({ dns: fakeDNS(records) })

// resolve_test, swarm_dial_test "AddrResolution"
describe('resolveAddrs', () => {
  it('AddrResolutionRecursive: a group leads to a group and to names, and all become addresses', async () => {
    const resolver = names({
      'TXT _dnsaddr.a.example': ['dnsaddr=/dnsaddr/b.example', 'dnsaddr=/dns4/c.example/tcp/1'],
      'TXT _dnsaddr.b.example': ['dnsaddr=/ip4/1.2.3.4/tcp/1'],
      'A c.example': ['1.2.3.5']
    })
    const { addrs, failures } = await resolve(['/dnsaddr/a.example', '/ip4/1.2.3.6/tcp/1'], { resolver })
    assert.deepEqual(addrs.map(String).toSorted(), ['/ip4/1.2.3.4/tcp/1', '/ip4/1.2.3.5/tcp/1', '/ip4/1.2.3.6/tcp/1'])
    assert.deepEqual(failures, [])
  })

  it('AddrResolutionWithOutputLimit: no more than it may, and names push out no addresses', async () => {
    const many = Array.from({ length: 255 }, (_, index) => `1.2.3.${index}`)
    const resolver = names({ 'A a.example': many, 'A b.example': many })
    const { addrs } = await resolve(['/dns4/a.example/tcp/1', '/dns4/b.example/tcp/1', '/ip4/9.9.9.9/tcp/1'], { resolver, outputLimit: 10 })
    assert.equal(addrs.length, 10)
    assert.equal(addrs[0]?.toString(), '/ip4/9.9.9.9/tcp/1')
    assert.equal((await resolve(['/dns4/a.example/tcp/1'], { resolver })).addrs.length, 100)
  })

  it('AddrsForDial: circuit addresses with many names behind them are not exploded', async () => {
    const resolver = names({ 'A relay.example': Array.from({ length: 50 }, (_, index) => `1.2.3.${index}`) })
    const relayed = `/dns4/relay.example/tcp/1/p2p/${samplePeer(1)}/p2p-circuit`
    assert.deepEqual((await resolve([relayed], { resolver })).addrs.map(String), [relayed])
  })

  it('leaves a name to a transport that needs it for a certificate', async () => {
    const secure = ['/dns4/a.example/tcp/443/wss', '/dns4/a.example/tcp/443/tls/ws', '/dns4/a.example/tcp/443/https']
    const resolver = names({ 'A a.example': ['1.2.3.4'] })
    assert.deepEqual((await resolve(secure, { resolver })).addrs.map(String), secure)
    assert.deepEqual((await resolve(['/dns4/a.example/tcp/443/tls/sni/a.example/ws'], { resolver })).addrs.map(String), ['/ip4/1.2.3.4/tcp/443/tls/sni/a.example/ws'])
  })

  it('says of each name why it led nowhere', async () => {
    const { addrs, failures } = await resolve(['/dns4/gone.example/tcp/1', '/dns4/empty.example/tcp/1'], { resolver: names({ 'A empty.example': [] }) })
    assert.deepEqual(addrs, [])
    assert(failures.every(({ cause }) => AddrResolveError.is(cause)))
    assert.deepEqual(failures.map(({ addr, cause }) => `${addr}: ${(cause as Error).message}`).toSorted(), [
      '/dns4/empty.example/tcp/1: its name resolves to no address',
      '/dns4/gone.example/tcp/1: its name could not be resolved: ENOTFOUND A gone.example'
    ])
  })

  it('resolves some at the same time, and gives up on all when it is aborted, also on a resolver that does not listen', async () => {
    let asked = 0
    const controller = new AbortController()
    const resolver: MultiaddrDNSResolver = {
      ...nullResolver,
      resolveDNSComponent: async () => {
        asked++
        return await new Promise(() => {})
      }
    }
    const resolving = resolve([...Array.from({ length: 50 }, (_, index) => `/dns4/${index}.example/tcp/1`), '/ip4/1.2.3.4/tcp/1'], { resolver, signal: controller.signal })
    await new Promise(resolve => { setImmediate(resolve) })
    assert.equal(asked, MAX_PARALLEL_RESOLUTIONS)
    controller.abort(new Error('time is up'))
    const { addrs, failures } = await resolving
    assert.deepEqual(addrs.map(String), ['/ip4/1.2.3.4/tcp/1'])
    assert.equal(failures.length, 50)
    assert.match(String(failures[49]?.cause), /time is up/)
    assert.equal(asked, MAX_PARALLEL_RESOLUTIONS)
  })
})
