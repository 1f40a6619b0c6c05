import assert from 'node:assert/strict'
import * as network from '@weir/network'
import { samplePeer } from '@weir/compliance'
import {
  AddrFilteredError, AddrNotTriedError, AddrResolveError, DialBackoffError, DialError, DialQueueFullError, DialRefusedBlackHoleError, NoGoodAddrsError
} from '../src/dial-errors.ts'
import { SwarmTimeoutError } from '../src/errors.ts'
import { addrAt } from './scripted-dials.ts'

const PEER = samplePeer(0)

// dial_error_test
describe('DialError', () => {
  it('is read by a person', () => {
    const error = new DialError(PEER, [
      { addr: addrAt(1), cause: new Error('connect ECONNREFUSED') },
      { addr: addrAt(2), cause: new SwarmTimeoutError('dialling', 15_000) },
      { addr: addrAt(3), cause: new AddrNotTriedError('slot') },
      { addr: addrAt(4), cause: 'a string' }
    ], { cause: new SwarmTimeoutError('dialPeer', 60_000) })
    assert.equal(error.message, [
      `failed to dial ${PEER} (dialPeer timed out after 60000 ms):`,
      '  /ip4/1.2.3.4/tcp/1: connect ECONNREFUSED',
      '  /ip4/1.2.3.4/tcp/2: dialling timed out after 15000 ms',
      '  /ip4/1.2.3.4/tcp/3: not tried yet: too many dials are under way',
      '  /ip4/1.2.3.4/tcp/4: a string'
    ].join('\n'))
  })

  it('keeps sixteen, and counts the rest', () => {
    const error = new DialError(PEER, Array.from({ length: 20 }, (_, port) => ({ addr: addrAt(port + 1), cause: 'no' })), { skipped: 3 })
    assert.deepEqual([error.failures.length, error.skipped], [16, 7])
    assert.match(error.message, /\n {2}and 7 more$/)
  })

  it('Unwrap: leads to the cause of the whole and to that of every address', () => {
    const refusal = new network.ResourceLimitExceededError({ where: 'local', scope: { kind: 'system' }, resource: 'fd', current: 1, attempted: 1, limit: 1 })
    const timeout = new SwarmTimeoutError('x', 1)
    const error = new DialError(PEER, [{ addr: addrAt(1), cause: refusal }], { cause: timeout })
    assert.equal(error.cause, timeout)
    assert.equal(error.failures[0]?.cause, refusal)
    assert.equal('cause' in new DialError(PEER, []), false)
  })

  it('indents what a cause says in several lines', () => {
    assert.match(new DialError(PEER, [{ addr: addrAt(1), cause: new DialError(PEER, [{ addr: addrAt(2), cause: 'no' }]) }]).message, /\n {2}\/ip4.*\n {4}\/ip4\/1\.2\.3\.4\/tcp\/2: no$/)
  })
})

describe('the errors of a dial', () => {
  const errors: readonly [{ is (error: unknown): boolean }, Error & { code: string }, RegExp][] = [
    [DialError, new DialError(PEER, []), /failed to dial/],
    [NoGoodAddrsError, new NoGoodAddrsError(), /no good addresses/],
    [AddrFilteredError, new AddrFilteredError('duplicate'), /better transport/],
    [AddrNotTriedError, new AddrNotTriedError('turn'), /not tried yet/],
    [DialBackoffError, new DialBackoffError(0), /until 1970-01-01T00:00:00\.000Z/],
    [DialRefusedBlackHoleError, new DialRefusedBlackHoleError(), /black hole/],
    [DialQueueFullError, new DialQueueFullError(5), /5 peers/],
    [AddrResolveError, new AddrResolveError(addrAt(1)), /no address/]
  ]
  it('know their own kind and no other', () => {
    for (const [kind, error, message] of errors) {
      assert.deepEqual(errors.map(([, other]) => kind.is(other)), errors.map(([, other]) => other === error))
      assert.match(error.message, message)
      assert.equal(error.name, error.constructor.name)
    }
    assert.equal(new Set(errors.map(([, { code }]) => code)).size, errors.length)
  })
})
