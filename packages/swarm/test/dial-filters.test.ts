import assert from 'node:assert/strict'
import { samplePeer } from '@weir/compliance'
import { type ConnectionGater, deny, nullConnectionGater } from '@weir/network'
import { BlackHoleDetector } from '../src/black-hole-detector.ts'
import { BlackHoleSuccessCounter } from '../src/black-hole-success-counter.ts'
import { AddrFilteredError, DialRefusedBlackHoleError } from '../src/dial-errors.ts'
import { type AddrsForDial, type DialFilters, filterAddrs } from '../src/dial-filters.ts'
import { ConnGatedError, DialToSelfError, NoTransportError } from '../src/errors.ts'
import { addrsOf, ANYTHING, fakeTransport } from './fake-transport.ts'

const PEER = samplePeer(0)
const RELAY = '/p2p/12D3KooWJRSrypvnpHgc6ZAgyCni4KcSmbV7uGRaMw5LgMKT18fq/p2p-circuit'

function filter (texts: string[], filters: Partial<DialFilters> = {}): AddrsForDial {
  return filterAddrs(PEER, addrsOf(...texts), { transports: [ANYTHING], connectionGater: nullConnectionGater, blackHoleDetector: new BlackHoleDetector(), ownAddrs: [], forceDirectDial: false, ...filters })
}

const kept = ({ addrs }: AddrsForDial): string[] => addrs.map(String)
const why = ({ refused }: AddrsForDial): unknown[] => refused.map(({ addr, cause }) => [addr.toString(), AddrFilteredError.is(cause) ? cause.reason : (cause as Error).name])

// swarm_dial_test
describe('filterAddrs', () => {
  it('AddrsForDialFiltering: leaves out what no transport dials', () => {
    const result = filter(['/ip4/1.2.3.4/tcp/1', '/ip4/1.2.3.4/udp/1/quic-v1'], { transports: [fakeTransport(addr => addr.includes('/tcp/'))] })
    assert.deepEqual(kept(result), ['/ip4/1.2.3.4/tcp/1'])
    assert(NoTransportError.is(result.refused[0]?.cause))
  })

  it('QUICDraft29: says so when that is all there is', () => {
    const addr = '/ip4/1.2.3.4/udp/1/quic'
    assert.deepEqual(why(filter([addr], { transports: [fakeTransport(each => each.endsWith('/quic-v1'))] })), [[addr, 'NoTransportError']])
  })

  it('RemoveLowPriorityAddrs: what a better transport at the same host and port makes needless', () => {
    const [q, wt, q29] = ['/ip4/1.2.3.4/udp/1/quic-v1', '/ip4/1.2.3.4/udp/1/quic-v1/webtransport', '/ip4/1.2.3.4/udp/1/quic']
    const [tcp, ws, wss] = ['/ip4/1.2.3.4/tcp/1', '/ip4/1.2.3.4/tcp/1/ws', '/ip4/1.2.3.4/tcp/1/wss']
    assert.deepEqual(why(filter([q, wt, q29, tcp, ws, wss])), [[wt, 'duplicate'], [q29, 'duplicate'], [ws, 'duplicate'], [wss, 'duplicate']])
    const others = [q, '/ip4/1.2.3.4/udp/2/quic-v1/webtransport', '/ip4/1.2.3.5/udp/1/quic', tcp, '/ip4/1.2.3.4/tcp/2/ws', `/ip4/1.2.3.4/tcp/1/ws${RELAY}`]
    assert.deepEqual(kept(filter(others)), others, 'another host, port or way stays')
    assert.deepEqual(kept(filter([wt, ws])), [wt, ws], 'without the better one')
    const noQuic = fakeTransport(addr => !addr.endsWith('/quic-v1'))
    assert.deepEqual(kept(filter([q, wt], { transports: [noQuic] })), [wt], 'what cannot be dialled is no better')
  })

  it('BlackHoledAddrBlocked: what has led nowhere', () => {
    const udp = new BlackHoleSuccessCounter({ window: 1, minSuccesses: 1 })
    udp.record(false)
    const detector = new BlackHoleDetector({ udp, ipv6: undefined, readOnly: true })
    const { addrs, refused } = filter(['/ip4/1.2.3.4/udp/1/quic-v1', '/ip4/192.168.0.1/udp/1/quic-v1'], { blackHoleDetector: detector })
    assert.deepEqual(addrs.map(String), ['/ip4/192.168.0.1/udp/1/quic-v1'])
    assert(DialRefusedBlackHoleError.is(refused[0]?.cause))
  })

  it('leaves out addresses that are for listening, and link-local ones', () => {
    const [any4, any6, local6] = ['/ip4/0.0.0.0/tcp/1', '/ip6/::/tcp/1', '/ip6/fe80::1/tcp/1']
    assert.deepEqual(why(filter([any4, any6, local6, '/ip4/169.254.1.1/tcp/1'])), [[any4, 'unspecified'], [any6, 'unspecified'], [local6, 'linkLocal']])
  })

  it('AddrsForDialFiltering: leaves out our own addresses', () => {
    const result = filter(['/ip4/1.2.3.4/tcp/1', '/ip4/1.2.3.4/tcp/2'], { ownAddrs: addrsOf('/ip4/1.2.3.4/tcp/1') })
    assert.deepEqual(kept(result), ['/ip4/1.2.3.4/tcp/2'])
    assert(DialToSelfError.is(result.refused[0]?.cause))
  })

  it('leaves out relays where it has to be direct', () => {
    const relayed = `/ip4/1.2.3.4/tcp/1${RELAY}`
    assert.deepEqual(kept(filter([relayed])), [relayed])
    assert.deepEqual(why(filter([relayed, '/ip4/1.2.3.4/tcp/2'], { forceDirectDial: true })), [[relayed, 'relayed']])
  })

  it('asks the gater last, and only for what is left', () => {
    const asked: string[] = []
    const connectionGater: ConnectionGater = {
      ...nullConnectionGater,
      interceptAddrDial: (peer, addr) => {
        asked.push(`${peer} ${addr}`)
        return deny('no')
      }
    }
    const { refused } = filter(['/ip4/1.2.3.4/tcp/1', '/ip4/0.0.0.0/tcp/1', '/ip4/1.2.3.4/tcp/1/ws'], { connectionGater })
    assert.deepEqual(asked, [`${PEER} /ip4/1.2.3.4/tcp/1`])
    assert(refused.some(({ cause }) => ConnGatedError.is(cause)))
  })
})
