import assert from 'node:assert/strict'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { BlackHoleDetector } from '../src/black-hole-detector.ts'
import { BlackHoleSuccessCounter } from '../src/black-hole-success-counter.ts'

const UDP4 = '/ip4/1.2.3.4/udp/1/quic-v1'
const UDP6 = '/ip6/2606:4700::1/udp/1/quic-v1'
const TCP4 = '/ip4/1.2.3.4/tcp/1'
const TCP6 = '/ip6/2606:4700::1/tcp/1'
const NEAR = ['/ip4/192.168.0.1/udp/1/quic-v1', '/ip6/::1/tcp/1', '/ip6/fd00::1/udp/1/quic-v1']
const ALL = [UDP4, UDP6, TCP4, TCP6, ...NEAR]

const addrs = (texts: readonly string[]): Multiaddr[] => texts.map(text => multiaddr(text))
const valid = (detector: BlackHoleDetector, texts: readonly string[]): string[] => detector.filter(addrs(texts)).valid.map(String)

function counter (state: 'probing' | 'allowed' | 'blocked', window = 2): BlackHoleSuccessCounter {
  const made = new BlackHoleSuccessCounter({ window, minSuccesses: 1 })
  if (state !== 'probing') for (let i = 0; i < window; i++) made.record(state === 'allowed')
  return made
}

// black_hole_test, "BlackHoleDetector"
describe('BlackHoleDetector', () => {
  it('InapplicableAddress: neither looks at private and other addresses, nor records them', () => {
    const detector = new BlackHoleDetector()
    const others = [...NEAR, TCP4, '/memory/7', '/dns4/a.example/udp/1/quic-v1']
    for (let i = 0; i < 1_000; i++) {
      assert.deepEqual(valid(detector, others), others)
      for (const addr of addrs(others)) detector.record(addr, false)
    }
    assert.deepEqual(valid(detector, ALL), ALL)
  })

  it('UDPDisabled: without a counter UDP is never filtered', () => {
    const detector = new BlackHoleDetector({ udp: undefined })
    for (let i = 0; i < 100; i++) detector.record(multiaddr(UDP4), false)
    assert.deepEqual(detector.filter(addrs([UDP4, TCP4])).blackHoled, [])
  })

  it('IPv6Disabled: without a counter IPv6 is never filtered', () => {
    const detector = new BlackHoleDetector({ ipv6: undefined })
    for (let i = 0; i < 100; i++) detector.record(multiaddr(TCP6), false)
    assert.deepEqual(detector.filter(addrs([TCP6, TCP4])).blackHoled, [])
  })

  it('Probes: both blocked, each lets its own through when its time has come', () => {
    const detector = new BlackHoleDetector({ udp: counter('blocked', 2), ipv6: counter('blocked', 3) })
    for (let request = 1; request <= 30; request++) {
      const { valid } = detector.filter(addrs([UDP6]))
      assert.equal(valid.length === 1, request % 2 === 0 || request % 3 === 0, `request ${request}`)
    }
  })

  it('AddrFiltering: leaves out what is blocked, and all of a kind that is probed stays', () => {
    const cases: readonly { udp: 'probing' | 'allowed' | 'blocked', ipv6: 'probing' | 'allowed' | 'blocked', expected: string[] }[] = [
      { udp: 'blocked', ipv6: 'blocked', expected: [TCP4, ...NEAR] },
      { udp: 'allowed', ipv6: 'blocked', expected: [UDP4, TCP4, ...NEAR] },
      { udp: 'blocked', ipv6: 'allowed', expected: [TCP4, TCP6, ...NEAR] },
      { udp: 'allowed', ipv6: 'allowed', expected: ALL },
      { udp: 'probing', ipv6: 'blocked', expected: [UDP4, UDP6, TCP4, ...NEAR] },
      { udp: 'blocked', ipv6: 'probing', expected: [UDP6, TCP4, TCP6, ...NEAR] },
      { udp: 'probing', ipv6: 'probing', expected: ALL }
    ]
    for (const { udp, ipv6, expected } of cases) {
      const detector = new BlackHoleDetector({ udp: counter(udp, 100), ipv6: counter(ipv6, 100) })
      const { valid, blackHoled } = detector.filter(addrs(ALL))
      assert.deepEqual(valid.map(String), expected, `udp ${udp}, ipv6 ${ipv6}`)
      assert.deepEqual(blackHoled.map(String), ALL.filter(addr => !expected.includes(addr)))
    }
  })

  it('ReadOnlyMode: blocks whatever is not known to work, and neither counts nor records', () => {
    const udp = counter('probing', 10)
    const reader = new BlackHoleDetector({ udp, ipv6: counter('allowed'), readOnly: true })
    const writer = new BlackHoleDetector({ udp, ipv6: undefined })
    assert.deepEqual(valid(reader, [UDP4, TCP6]), [TCP6])
    for (let i = 0; i < 100; i++) reader.record(multiaddr(UDP4), true)
    assert.deepEqual(valid(reader, [UDP4]), [])
    assert.equal(udp.state, 'probing')
    for (let i = 0; i < 100; i++) writer.record(multiaddr(UDP4), true)
    assert.deepEqual(valid(reader, [UDP4]), [UDP4])
    for (let i = 0; i < 100; i++) writer.record(multiaddr(UDP4), false)
    for (let i = 0; i < 100; i++) assert.deepEqual(valid(reader, [UDP4]), [], 'a reader never probes')
  })
})
