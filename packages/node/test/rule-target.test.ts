import assert from 'node:assert/strict'
import { InvalidRuleTargetError } from '../src/errors.ts'
import { parseRuleTarget } from '../src/rule-target.ts'

const PEER = '12D3KooWQRyRsSm3Ng4vwDUNYYCM9jEo4JKdtDNNvqBBxwc8HQUQ'

describe('parseRuleTarget', () => {
  for (const [text, kind, key] of [
    [PEER, 'peer', PEER],
    ['192.0.2.1', 'addr', '192.0.2.1'],
    ['2001:DB8::0:1', 'addr', '2001:db8::1'],
    ['::ffff:192.0.2.1', 'addr', '192.0.2.1'],
    ['192.0.2.77/24', 'subnet', '192.0.2.0/24'],
    ['2001:db8::/32', 'subnet', '2001:db8::/32'],
    [`/ip4/192.0.2.1/tcp/4001/p2p/${PEER}`, 'peer', PEER],
    [`/ip4/192.0.2.1/tcp/4001/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N/p2p-circuit/p2p/${PEER}`, 'peer', PEER],
    ['/ip4/192.0.2.1/tcp/4001', 'addr', '192.0.2.1'],
    ['/ip6/2001:db8::1/tcp/4001', 'addr', '2001:db8::1']
  ] as const) {
    it(`reads ${text}`, () => { assert.deepEqual(parseRuleTarget(text), { kind, key }) })
  }

  for (const text of ['', 'nobody', '192.0.2', '192.0.2.0/33', '192.0.2.1/', '/dns4/example.com/tcp/1', '/ip4/x', `${PEER}x`, ' 192.0.2.1', '1.2.3.4/24/8']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseRuleTarget(text), error => InvalidRuleTargetError.is(error) && error.message.includes(JSON.stringify(text)))
    })
  }
})
