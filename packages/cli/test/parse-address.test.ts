import assert from 'node:assert/strict'
import { parseAddress, parsePeerAddress } from '../src/parse-address.ts'

const PEER = '12D3KooWQRyRsSm3Ng4vwDUNYYCM9jEo4JKdtDNNvqBBxwc8HQUQ'

describe('address argument', () => {
  it('is a multiaddr', () => {
    for (const text of ['/ip4/0.0.0.0/tcp/0', '/ip6/::1/tcp/4001', '/dns4/example.org/tcp/4001', `/ip4/1.2.3.4/tcp/1/p2p/${PEER}`]) assert.equal(parseAddress(text).toString(), text)
  })

  it('is refused with an example when it is none', () => {
    for (const text of ['', '/', 'localhost:4001', '/ip4/1.2.3.4.5/tcp/1', '/ip4/1.2.3.4/tcp/70000', '/nothing/1', '--json']) {
      assert.throws(() => parseAddress(text), { code: 'commander.invalidArgument', message: /\/ip4\/127/ }, text)
    }
  })

  it('of a peer ends with who it is', () => {
    const text = `/ip4/1.2.3.4/tcp/1/p2p/${PEER}`
    assert.equal(parsePeerAddress(text).toString(), text)
    assert.equal(parsePeerAddress(`${text}/p2p-circuit/p2p/${PEER}`).getComponents().length, 5)
    assert.equal(parsePeerAddress(`/p2p/${PEER}`).toString(), `/p2p/${PEER}`)
  })

  it('of a peer is refused when it does not say who, or nobody can be that', () => {
    for (const text of ['/ip4/1.2.3.4/tcp/1', `/ip4/1.2.3.4/tcp/1/p2p/${PEER}/p2p-circuit`]) assert.throws(() => parsePeerAddress(text), { message: /\/p2p\// }, text)
    for (const text of ['/ip4/1.2.3.4/tcp/1/p2p/', '/ip4/1.2.3.4/tcp/1/p2p/nobody', `/ip4/1.2.3.4/tcp/1/p2p/${PEER}x`]) assert.throws(() => parsePeerAddress(text), { code: 'commander.invalidArgument' }, text)
  })
})
