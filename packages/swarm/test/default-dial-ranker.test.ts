import assert from 'node:assert/strict'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { AddrDelay, DialRanker } from '@weir/network'
import fc from 'fast-check'
import { defaultDialRanker, noDelayDialRanker } from '../src/default-dial-ranker.ts'

const q1v4 = '/ip4/1.2.3.4/udp/1/quic-v1'
const q1v42 = '/ip4/1.2.3.4/udp/2/quic-v1'
const q1v43 = '/ip4/1.2.3.4/udp/3/quic-v1'
const q1v6 = '/ip6/2606:4700::1/udp/1/quic-v1'
const q1v62 = '/ip6/2606:4700::1/udp/2/quic-v1'
const q4 = '/ip4/1.2.3.4/udp/1/quic'
const q6 = '/ip6/2606:4700::1/udp/1/quic'
const wt1 = '/ip4/1.2.3.4/udp/1/quic-v1/webtransport'
const wt16 = '/ip6/2606:4700::1/udp/1/quic-v1/webtransport'
const t1 = '/ip4/1.2.3.4/tcp/1'
const t2 = '/ip4/1.2.3.4/tcp/2'
const t3 = '/ip4/1.2.3.4/tcp/3'
const t1v6 = '/ip6/2606:4700::1/tcp/1'
const ws1 = '/ip4/1.2.3.4/tcp/4/ws'
const wrtc = '/ip4/1.2.3.4/udp/1/webrtc-direct'
const priv = (addr: string): string => addr.replace('1.2.3.4', '192.168.0.7').replace('2606:4700::1', 'fd00::7')
const relay = (addr: string): string => `${addr}/p2p/12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5/p2p-circuit`

type Row = readonly [addr: string, delayMs: number]

/** The expected rows in their order; also given backwards, since the order of what goes in must not matter. */
function ranks (ranker: DialRanker, rows: readonly Row[]): void {
  const byRank = (delays: readonly AddrDelay[]): [string, number][] => delays.map(({ addr, delayMs }) => [addr.toString(), delayMs])
  assert.deepEqual(byRank(ranker(rows.map(([addr]) => multiaddr(addr)))), rows)
  assert.deepEqual(byRank(ranker(rows.map(([addr]) => multiaddr(addr)).toReversed())).toSorted(), rows.toSorted())
}

// dial_ranker_test
describe('noDelayDialRanker', () => {
  it('NoDelay: quic and tcp at once', () => {
    ranks(noDelayDialRanker, [[q1v4, 0], [q1v6, 0], [t1, 0], [wt1, 0], [relay(t1), 0]])
  })
})

describe('defaultDialRanker', () => {
  const tables: Record<string, readonly Row[]> = {
    'QUIC: one alone': [[q1v4, 0]],
    'QUIC: quic-draft after quic-v1': [[q1v4, 0], [q4, 250]],
    'QUIC: all of IPv4': [[q1v4, 0], [q1v42, 250], [q1v43, 250], [q4, 250]],
    'QUIC: happy eyeballs': [[q1v6, 0], [q1v4, 250], [q1v62, 500], [q1v42, 500]],
    'QUIC: happy eyeballs with drafts': [[q1v6, 0], [q1v4, 250], [q6, 500], [q4, 500]],
    'QUIC: only IPv6': [[q1v6, 0], [q1v62, 250]],
    'QUIC: webtransport last, with the delays of QUIC': [[q1v6, 0], [q1v4, 250], [wt16, 500], [wt1, 500]],
    'QUIC: webtransport alone': [[wt16, 0], [wt1, 250]],
    'TCP: IPv6 first, then IPv4, then the rest': [[t1v6, 0], [t1, 250], [t2, 500], [t3, 500]],
    'TCP: all of IPv4': [[t1, 0], [t2, 250], [t3, 250], [ws1, 250]],
    'TCP: behind QUIC': [[q1v4, 0], [t1, 250], [t2, 500]],
    'TCP: behind QUIC with happy eyeballs': [[q1v6, 0], [q1v4, 250], [q1v42, 500], [t1v6, 750], [t1, 1_000], [t2, 1_250]],
    'Relay: behind public QUIC and TCP': [[q1v6, 0], [q1v4, 250], [q1v62, 500], [t1v6, 750], [t1, 1_000], [relay(t1), 500], [relay(t2), 750]],
    'Relay: alone, without its offset': [[relay(q1v4), 0], [relay(t1), 250]],
    'Relay: beside private addresses only, without its offset': [[priv(t1), 0], [relay(t1), 0]],
    'Other: webrtc-direct alone': [[wrtc, 1_000]],
    'Other: webrtc-direct behind QUIC and TCP': [[q1v4, 0], [t1, 250], [wrtc, 1_250]],
    'Other: a private one': [[priv(wrtc), 100]],
    'Other: a name alone': [['/dns4/a.example/tcp/1', 1_000]],
    'Other: a name behind all': [[t1, 0], [t2, 250], ['/dns4/a.example/tcp/1', 1_250]],
    'Private: with its own steps, beside the public': [[priv(q1v6), 0], [priv(q1v4), 30], [priv(t1v6), 60], [priv(t1), 90], [priv(t2), 120], [q1v4, 0], [t1, 250]]
  }
  for (const [name, rows] of Object.entries(tables)) it(name, () => { ranks(defaultDialRanker, rows) })

  const anyAddr: fc.Arbitrary<Multiaddr> = fc.record({
    host: fc.constantFrom('/ip4/1.2.3.4', '/ip4/10.0.0.1', '/ip6/2606:4700::1', '/ip6/fd00::7', '/dns/a.example'),
    transport: fc.constantFrom('/tcp/#', '/tcp/#/ws', '/udp/#/quic-v1', '/udp/#/quic', '/udp/#/quic-v1/webtransport', '/udp/#/webrtc-direct'),
    port: fc.nat(3),
    relayed: fc.boolean()
  }).map(({ host, transport, port, relayed }) => multiaddr(relayed ? relay(host + transport.replace('#', String(port))) : host + transport.replace('#', String(port))))

  it('gives back each address once, none before its start, and at the same times whatever their order', () => {
    fc.assert(fc.property(fc.uniqueArray(anyAddr, { selector: String, maxLength: 40 }), fc.infiniteStream(fc.nat()), (addrs, order) => {
      const ranked = defaultDialRanker(addrs)
      assert.deepEqual(ranked.map(({ addr }) => addr.toString()).toSorted(), addrs.map(String).toSorted())
      assert(ranked.every(({ delayMs }) => Number.isSafeInteger(delayMs) && delayMs >= 0))
      const times = (delays: readonly AddrDelay[]): number[] => delays.map(({ delayMs }) => delayMs).toSorted((a, b) => a - b) // equals may change places
      const shuffled = addrs.map(addr => ({ addr, by: order.next().value })).toSorted((a, b) => a.by - b.by).map(({ addr }) => addr)
      assert.deepEqual(times(defaultDialRanker(shuffled)), times(ranked))
    }))
  })

  it('starts something at once, unless there is nothing but what goes last', () => {
    fc.assert(fc.property(fc.uniqueArray(anyAddr, { selector: String, minLength: 1, maxLength: 40 }), addrs => {
      const isLate = (addr: Multiaddr): boolean => /webrtc|p2p-circuit|\/dns/.test(addr.toString())
      const ranked = defaultDialRanker(addrs)
      assert(addrs.every(isLate) || ranked.some(({ delayMs }) => delayMs === 0))
    }))
  })
})
