import assert from 'node:assert/strict'
import { dns } from '@multiformats/dns'
import { multiaddr } from '@multiformats/multiaddr'
import { samplePeer } from '@weir/compliance'
import fc from 'fast-check'
import { MAX_DNSADDR_QUESTIONS } from '../src/defaults.ts'
import { createDNSResolver } from '../src/dns-resolver.ts'
import { fakeDNS } from './fake-dns.ts'

const [PEER, OTHER] = [samplePeer(0), samplePeer(1)]
const dnsaddr = (addr: string): string => `dnsaddr=${addr}`

async function group (records: Record<string, readonly unknown[]>, { addr = '/dnsaddr/a.example', outputLimit = 100, recursionLimit = 4, expectedPeer = undefined as typeof PEER | undefined } = {}): Promise<string[]> {
  return (await createDNSResolver({ dns: fakeDNS(records) }).resolveDNSAddr(multiaddr(addr), { outputLimit, recursionLimit, expectedPeer })).map(String)
}

async function component (addr: string, records: Record<string, readonly unknown[]>, outputLimit = 100): Promise<string[]> {
  return (await createDNSResolver({ dns: fakeDNS(records) }).resolveDNSComponent(multiaddr(addr), { outputLimit })).map(String)
}

/** `/dnsaddr/0`, which leads to `/dnsaddr/1`, and so on. */
function chain (length: number, end: readonly string[]): Record<string, readonly unknown[]> {
  return Object.fromEntries(Array.from({ length }, (_, index) => [`TXT _dnsaddr.${index}.example`, index === length - 1 ? end : [dnsaddr(`/dnsaddr/${index + 1}.example`)]]))
}

// resolver_test
describe('createDNSResolver', () => {
  describe('resolveDNSAddr', () => {
    it('ResolveDNSAddr: gives what the records say', async () => {
      assert.deepEqual(await group({ 'TXT _dnsaddr.a.example': [dnsaddr('/ip4/1.2.3.4/tcp/1'), '"dnsaddr=/ip6/2606:4700::1/tcp/2"', dnsaddr('/dns4/b.example/tcp/3')] }),
        ['/ip4/1.2.3.4/tcp/1', '/ip6/2606:4700::1/tcp/2', '/dns4/b.example/tcp/3'])
    })

    it('LimitOutput: ten of 255', async () => {
      const records = Array.from({ length: 255 }, (_, index) => dnsaddr(`/ip4/1.2.3.${index}/tcp/1`))
      assert.deepEqual((await group({ 'TXT _dnsaddr.a.example': records }, { outputLimit: 10 })).length, 10)
    })

    it('RecursionLimit: as many groups lead to each other as may, and no more', async () => {
      const end = [dnsaddr('/ip4/1.2.3.4/tcp/1')]
      for (const recursionLimit of [1, 4, 50]) {
        assert.deepEqual(await group(chain(recursionLimit, end), { addr: '/dnsaddr/0.example', recursionLimit }), ['/ip4/1.2.3.4/tcp/1'])
        assert.deepEqual(await group(chain(recursionLimit + 1, end), { addr: '/dnsaddr/0.example', recursionLimit }), [])
      }
    })

    it('LimitOutput: ten groups with ten entries each, at the limit of the recursion', async () => {
      const records: Record<string, readonly unknown[]> = { 'TXT _dnsaddr.a.example': Array.from({ length: 10 }, (_, index) => dnsaddr(`/dnsaddr/${index}.example`)) }
      for (let index = 0; index < 10; index++) records[`TXT _dnsaddr.${index}.example`] = Array.from({ length: 10 }, (_, port) => dnsaddr(`/ip4/1.2.3.${index}/tcp/${port + 1}`))
      assert.equal((await group(records, { recursionLimit: 2 })).length, 100)
      assert.equal((await group(records, { recursionLimit: 2, outputLimit: 10 })).length, 10)
      assert.equal((await group(records, { recursionLimit: 1 })).length, 0)
    })

    it('asks a bounded number of questions, however groups lead to groups', async () => {
      const records = new Proxy({}, { get: (_target, question) => Array.from({ length: 100 }, (_, index) => dnsaddr(`/dnsaddr/${index}.${String(question).replace('TXT _dnsaddr.', '').slice(0, 100)}`)) })
      const names = fakeDNS(records)
      assert.deepEqual(await createDNSResolver({ dns: names }).resolveDNSAddr(multiaddr('/dnsaddr/a.example'), { outputLimit: 100, recursionLimit: 4 }), [])
      assert.equal(names.questions.length, MAX_DNSADDR_QUESTIONS)
    })

    it('leaves out entries of other peers, and those that do not end as what was asked', async () => {
      const records = { 'TXT _dnsaddr.a.example': [`/ip4/1.2.3.4/tcp/1/p2p/${PEER}`, `/ip4/1.2.3.5/tcp/1/p2p/${OTHER}`, '/ip4/1.2.3.6/tcp/1'].map(dnsaddr) }
      assert.deepEqual(await group(records, { expectedPeer: PEER }), [`/ip4/1.2.3.4/tcp/1/p2p/${PEER}`, '/ip4/1.2.3.6/tcp/1'])
      assert.deepEqual(await group(records, { addr: `/dnsaddr/a.example/p2p/${OTHER}` }), [`/ip4/1.2.3.5/tcp/1/p2p/${OTHER}`])
    })

    it('passes over a group that cannot be resolved beside one that can, but not the first', async () => {
      const records = { 'TXT _dnsaddr.a.example': [dnsaddr('/dnsaddr/gone.example'), dnsaddr('/ip4/1.2.3.4/tcp/1')] }
      assert.deepEqual(await group(records), ['/ip4/1.2.3.4/tcp/1'])
      await assert.rejects(group({}), /ENOTFOUND/)
    })

    it('gives back what is no group', async () => {
      assert.deepEqual(await group({}, { addr: '/ip4/1.2.3.4/tcp/1' }), ['/ip4/1.2.3.4/tcp/1'])
    })

    it('holds out against whatever a name server says', async () => {
      const record = fc.oneof(fc.string(), fc.string().map(dnsaddr), fc.anything(), fc.constantFrom('dnsaddr=', 'dnsaddr=/', 'dnsaddr=/ip4', `dnsaddr=/ip4/1.2.3.4/tcp/1${'/ws'.repeat(2_000)}`, 'dnsaddr=/dnsaddr/a.example'))
      await fc.assert(fc.asyncProperty(fc.array(record, { maxLength: 20 }), async records => {
        for (const addr of await group({ 'TXT _dnsaddr.a.example': records }, { outputLimit: 5 })) assert(multiaddr(addr).getComponents().length > 0)
      }))
    })
  })

  describe('resolveDNSComponent', () => {
    const RECORDS = { 'A a.example': ['1.2.3.4', '1.2.3.5'], 'AAAA a.example': ['2606:4700::1'] }

    it('ResolveDNSComponent: asks for the kinds of address that the name stands for', async () => {
      assert.deepEqual(await component('/dns/a.example/tcp/1', RECORDS), ['/ip4/1.2.3.4/tcp/1', '/ip4/1.2.3.5/tcp/1', '/ip6/2606:4700::1/tcp/1'])
      assert.deepEqual(await component('/dns4/a.example/tcp/1/ws', RECORDS), ['/ip4/1.2.3.4/tcp/1/ws', '/ip4/1.2.3.5/tcp/1/ws'])
      assert.deepEqual(await component('/dns6/a.example/udp/1/quic-v1', RECORDS), ['/ip6/2606:4700::1/udp/1/quic-v1'])
    })

    it('is content with one kind of address', async () => {
      assert.deepEqual(await component('/dns/a.example/tcp/1', { 'AAAA a.example': ['2606:4700::1'] }), ['/ip6/2606:4700::1/tcp/1'])
      await assert.rejects(component('/dns/a.example/tcp/1', {}), /ENOTFOUND/)
    })

    it('LimitOutput: no more than it may', async () => {
      assert.equal((await component('/dns/a.example/tcp/1', RECORDS, 2)).length, 2)
    })

    it('takes nothing for an IP address that is none, or of the other kind', async () => {
      assert.deepEqual(await component('/dns/a.example/tcp/1', { 'A a.example': ['evil/tcp/1', '::1', '', 7, '1.2.3.4/tcp/9'], 'AAAA a.example': ['1.2.3.4', 'fe80::1%eth0'] }), [])
    })

    it('leaves the names of this machine to the transport', async () => {
      for (const name of ['localhost', 'db', 'a.localhost', 'printer.local', 'api.internal', 'x.TEST', 'db.']) {
        assert.deepEqual(await component(`/dns4/${name}/tcp/1`, {}), [`/dns4/${name}/tcp/1`])
      }
      await assert.rejects(component('/dns4/local.example/tcp/1', {}), /ENOTFOUND/)
    })

    it('gives back what has no name', async () => {
      assert.deepEqual(await component('/ip4/1.2.3.4/tcp/1', {}), ['/ip4/1.2.3.4/tcp/1'])
    })
  })

  it('works with the library itself', async () => {
    const asked: unknown[] = []
    const resolver = createDNSResolver({
      dns: dns({ resolvers: { '.': async (name, { types } = {}) => {
        asked.push([name, types])
        return { Status: 0, TC: false, RD: true, RA: true, AD: false, CD: false, Question: [], Answer: [{ name, type: 16, TTL: 60, data: dnsaddr('/ip4/1.2.3.4/tcp/1') }] }
      } } })
    })
    for (let i = 0; i < 2; i++) assert.deepEqual((await resolver.resolveDNSAddr(multiaddr('/dnsaddr/a.example'), { outputLimit: 1, recursionLimit: 1 })).map(String), ['/ip4/1.2.3.4/tcp/1'])
    assert.deepEqual(asked, [['_dnsaddr.a.example', [16]]], 'and the second answer comes from its cache')
  })
})
