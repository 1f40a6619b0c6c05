import assert from 'node:assert/strict'
import { nullLogger } from '@weir/adapters'
import { systemClock } from '@weir/network'
import { tcp, TCP_DEFAULTS, type TcpInit } from '../src/index.ts'
import { tcpSettings } from '../src/tcp-init.ts'

describe('options', () => {
  it('have their defaults, and undefined is not given', () => {
    assert.deepEqual(tcpSettings({}), { ...TCP_DEFAULTS, clock: systemClock })
    assert.equal(tcpSettings({ backlog: undefined }).backlog, TCP_DEFAULTS.backlog)
    assert.equal(tcpSettings({ keepAliveMs: Infinity }).keepAliveMs, Infinity)
  })

  it('that are not known are a TypeError before there is a transport', () => {
    assert.throws(() => tcp({ maxConnections: 3 } as TcpInit), { name: 'TypeError', message: /maxConnections/ })
  })

  for (const [key, value] of [['backlog', 0], ['backlog', 1.5], ['backlog', Infinity], ['connectTimeoutMs', 0], ['connectTimeoutMs', NaN], ['closeTimeoutMs', -1], ['keepAliveMs', '3']]) {
    it(`${key} is not ${value}`, () => {
      assert.throws(() => tcp({ [String(key)]: value }), { name: 'RangeError', message: new RegExp(String(key)) })
    })
  }

  it('make a transport that js-libp2p knows as one', () => {
    const transport = tcp()({ logger: nullLogger })
    assert.equal(transport[Symbol.toStringTag], '@weir/tcp')
    assert.equal((transport as unknown as Record<symbol, unknown>)[Symbol.for('@libp2p/transport')], true)
  })
})
