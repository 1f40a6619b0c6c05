import assert from 'node:assert/strict'
import fc from 'fast-check'
import { decode, encode, InvalidPointError, parseAddrPortId, parsePoint, p2pPoint, pointEncoding, pointMultiaddr, pointText } from '../src/index.ts'

// The lists of Octez's test_p2p_addr. reference/tezos-p2p.md 7
const ID = 'idqSpQPFDBN4yMhLEzwtqGgxRLNrj4'
const OK = [
  'foo.com', 'foo-64.com', 'foo.com:8444', `foo.com#${ID}`, '_:8444', `:8444#${ID}`, `_#${ID}`, `127.0.0.1:8444#${ID}`, '127.0.0.1', '[::]', '[::]:8444',
  '[ff:ff:ff::ff:00:ff]:8444', `[::]:8444#${ID}`, '[127.0.0.1]:80', '_'
]
const KO = [
  'http://foo.com', 'foo.com@', 'foo.com::8444', 'foo.com/bar', 'foo.com:bar', 'foo.com:123##', 'foo.com#1234', '#1234', 'foo.com:-1', 'foo.com:70000', 'foo.com:8c',
  `foo.com:#${ID}`, ':::8732', '', '[::', '::]', '[::1', '::1:8732', '[::1]8732', 'foo.com: 80', '[fe80::1%eth0]:80', '[:::]:80'
]

describe('points', () => {
  for (const text of OK) it(`${text} is well formed`, () => { parseAddrPortId(text) })
  for (const text of KO) it(`${JSON.stringify(text)} is not`, () => { assert.throws(() => parseAddrPortId(text), InvalidPointError.is) })

  it('are taken apart', () => {
    const { addr, port, peerId } = parseAddrPortId(`[::1]:8444#${ID}`)
    assert.deepEqual([addr, port, peerId?.toString()], ['::1', 8_444, ID])
    assert.deepEqual(parseAddrPortId('_'), { addr: '_', port: undefined, peerId: undefined })
  })

  it('need an address and a port; a peer id behind them is left out', () => {
    assert.deepEqual(parsePoint(`127.0.0.1:8444#${ID}`), { address: '127.0.0.1', port: 8_444 })
    for (const text of ['127.0.0.1', '_:80', ':80', 'foo.com:80', '[::]']) assert.throws(() => parsePoint(text), InvalidPointError.is)
    for (const port of [-1, 65_536, 1.5, Number.NaN]) assert.throws(() => p2pPoint('::1', port), InvalidPointError.is)
  })

  it('are written in one way: IPv4 for what is mapped, the shortest of IPv6, no zone', () => {
    const cases = [
      ['::ffff:192.0.2.1', '192.0.2.1:1'], ['::FFFF:C000:0201', '192.0.2.1:1'], ['192.0.2.1', '192.0.2.1:1'], ['2001:DB8:0:0:1:0:0:1', '[2001:db8::1:0:0:1]:1'],
      ['2001:db8:0:1:1:1:1:1', '[2001:db8:0:1:1:1:1:1]:1'], ['::', '[::]:1'], ['fe80::1%eth0', '[fe80::1]:1'], ['1:0:0:2:0:0:0:3', '[1:0:0:2::3]:1'], ['::1.2.3.4', '[::102:304]:1']
    ] as const
    for (const [address, text] of cases) assert.equal(pointText(p2pPoint(address, 1)), text)
  })

  it('come back from the wire as they were', () => {
    const v6 = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 }).map(groups => groups.map(group => group.toString(16)).join(':'))
    fc.assert(fc.property(fc.oneof(v6, fc.ipV4()), fc.nat(0xffff), (address, port) => {
      const point = p2pPoint(address, port)
      assert.deepEqual(decode(pointEncoding, encode(pointEncoding, point)), point)
      assert.deepEqual(parsePoint(pointText(point)), point)
      assert.ok(pointText(point).length <= 47)
    }))
  })

  it('are refused at a length of more than 47 characters', () => {
    assert.equal(pointEncoding.endOf(Uint8Array.of(0, 0, 0, 47), 0), 51)
    assert.throws(() => pointEncoding.endOf(Uint8Array.of(0, 0, 0, 48), 0), { fault: 'size-limit-exceeded' })
  })

  it('are addresses for a resource manager', () => {
    assert.equal(pointMultiaddr(p2pPoint('192.0.2.1', 9_732)).toString(), '/ip4/192.0.2.1/tcp/9732')
    assert.equal(pointMultiaddr(p2pPoint('2001:db8::1', 9_732)).toString(), '/ip6/2001:db8::1/tcp/9732')
  })
})
