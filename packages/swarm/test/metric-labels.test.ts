import assert from 'node:assert/strict'
import { multiaddr } from '@multiformats/multiaddr'
import { connTransportLabel, dialTransportLabel, ipVersionLabel, keyTypeLabel } from '../src/metric-labels.ts'

const PEER = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'

// metricshelper/conn_test
describe('the labels of metrics', () => {
  for (const [text, conn, dial, ip] of [
    ['/ip4/1.2.3.4/tcp/1', 'tcp', 'tcp', 'ip4'],
    ['/ip6/::1/tcp/1/ws', 'websocket', 'ws', 'ip6'],
    ['/dns4/a.example/tcp/443/wss', 'websocket', 'wss', 'ip4'],
    ['/dns6/a.example/udp/1/quic-v1', 'quic-v1', 'quic-v1', 'ip6'],
    ['/dns/a.example/tcp/1', 'tcp', 'tcp', 'unknown'],
    ['/ip4/1.2.3.4/udp/1/webrtc-direct', 'webrtc-direct', 'webrtc-direct', 'ip4'],
    ['/ip4/1.2.3.4/udp/1/quic-v1/webtransport', 'webtransport', 'webtransport', 'ip4'],
    [`/ip4/1.2.3.4/tcp/1/p2p/${PEER}/p2p-circuit`, 'p2p-circuit', 'p2p-circuit', 'ip4'],
    ['/memory/1', 'unknown', 'other', 'unknown']
  ] as const) {
    it(text, () => {
      const addr = multiaddr(text)
      assert.deepEqual([connTransportLabel(addr), dialTransportLabel(addr), ipVersionLabel(addr)], [conn, dial, ip])
    })
  }

  it('spells the types of keys as Go does', () => {
    assert.deepEqual(['Ed25519', 'RSA', 'secp256k1', 'ECDSA'].map(keyTypeLabel), ['Ed25519', 'RSA', 'Secp256k1', 'ECDSA'])
  })
})
