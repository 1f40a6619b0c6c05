import assert from 'node:assert/strict'
import type { Transport } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { type ConnectionGater, deny, nullConnectionGater } from '@weir/network'
import { type AddrsForDial, addrsForDial } from '../src/addrs-for-dial.ts'
import { ConnGatedError, DialToSelfError, NoTransportError, UnexpectedPeerError } from '../src/errors.ts'

const PEER = { type: 'test', toString: () => '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5' }
const OTHER = '12D3KooWJRSrypvnpHgc6ZAgyCni4KcSmbV7uGRaMw5LgMKT18fq'
const TCP = { dialFilter: (addrs: { toString (): string }[]) => addrs.filter(addr => addr.toString().includes('/tcp/')) } as unknown as Transport

function filter (known: string[], { gater = nullConnectionGater, own = [], maxAddrs = 100 }: { gater?: ConnectionGater, own?: string[], maxAddrs?: number } = {}): AddrsForDial {
  return addrsForDial(PEER, known.map(addr => multiaddr(addr)), { transports: [TCP], connectionGater: gater, ownAddrs: own.map(addr => multiaddr(addr)), maxAddrs })
}

const kept = (result: AddrsForDial): string[] => result.addrs.map(String)

describe('addrsForDial', () => {
  it('takes each address once, without its peer', () => {
    assert.deepEqual(kept(filter([`/ip4/192.0.2.1/tcp/1/p2p/${PEER}`, '/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.2/tcp/1'])), ['/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.2/tcp/1'])
  })

  it('refuses an address of another peer', () => {
    const { addrs, refused } = filter([`/ip4/192.0.2.1/tcp/1/p2p/${OTHER}`])
    assert.deepEqual(addrs, [])
    assert(UnexpectedPeerError.is(refused[0]?.cause))
  })

  it('keeps the relay\'s peer in a circuit address', () => {
    assert.deepEqual(kept(filter([`/ip4/192.0.2.1/tcp/1/p2p/${OTHER}/p2p-circuit/p2p/${PEER}`])), [`/ip4/192.0.2.1/tcp/1/p2p/${OTHER}/p2p-circuit`])
  })

  it('refuses what no transport dials', () => {
    assert(NoTransportError.is(filter(['/ip4/192.0.2.1/udp/1/quic-v1']).refused[0]?.cause))
  })

  it('refuses our own listen addresses', () => {
    assert(DialToSelfError.is(filter(['/ip4/192.0.2.1/tcp/1'], { own: ['/ip4/192.0.2.1/tcp/1'] }).refused[0]?.cause))
  })

  it('asks the gater for each address that is left', () => {
    const asked: string[] = []
    const gater: ConnectionGater = {
      ...nullConnectionGater,
      interceptAddrDial: (peer, addr) => {
        asked.push(`${peer} ${addr}`)
        return deny('no')
      }
    }
    const { refused } = filter(['/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.1/udp/1'], { gater })
    assert.deepEqual(asked, [`${PEER} /ip4/192.0.2.1/tcp/1`])
    assert(ConnGatedError.is(refused[0]?.cause))
  })

  it('looks at no more addresses than it may', () => {
    assert.equal(filter(Array.from({ length: 50 }, (_, port) => `/ip4/192.0.2.1/tcp/${port}`), { maxAddrs: 10 }).addrs.length, 10)
  })
})
