import assert from 'node:assert/strict'
import type { MuxedConn, MuxedStream } from '@weir/network'
import { CountingPeerScope, type CountingPeerScopeInit } from '../counting-peer-scope.ts'
import { readText, utf8 } from '../muxed-stream/bytes.ts'
import { type MemorySecureConn, secureConnPair } from '../secure-conn-pair.ts'
import { until } from '../until.ts'
import { within } from '../within.ts'
import type { MultiplexerSubject } from './multiplexer-subject.ts'

export interface MuxedPairInit {
  readonly nearScope?: CountingPeerScopeInit | undefined
  readonly farScope?: CountingPeerScopeInit | undefined
}

/** Two ends of one connection in memory, both multiplexed by the subject. Made for one case. */
export class MuxedPair {
  /** Dialled. */
  readonly near: MuxedConn
  /** Was dialled. */
  readonly far: MuxedConn
  readonly below: readonly [near: MemorySecureConn, far: MemorySecureConn]
  readonly scopes: readonly [near: CountingPeerScope, far: CountingPeerScope]

  private constructor (near: MuxedConn, far: MuxedConn, below: MuxedPair['below'], scopes: MuxedPair['scopes']) {
    this.near = near
    this.far = far
    this.below = below
    this.scopes = scopes
  }

  static async open (subject: MultiplexerSubject, { nearScope, farScope }: MuxedPairInit = {}): Promise<MuxedPair> {
    const multiplexer = await subject.create()
    const below = secureConnPair()
    const scopes = [new CountingPeerScope(nearScope), new CountingPeerScope(farScope)] as const
    return new MuxedPair(multiplexer.newConn(below[0], false, scopes[0]), multiplexer.newConn(below[1], true, scopes[1]), below, scopes)
  }

  /** One stream, opened by near and accepted by far. */
  async stream (): Promise<{ readonly near: MuxedStream, readonly far: MuxedStream }> {
    const near = await within(this.near.openStream(), 'near opens a stream')
    await near.write(utf8('!')) // a muxer may announce a stream with its first bytes only
    const far = await within(this.far.acceptStream(), 'far hears of the stream')
    assert.equal(await readText(far, 1), '!')
    return { near, far }
  }

  async close (): Promise<void> {
    await within(Promise.all([this.near.close(), this.far.close()]), 'both ends close')
  }

  /** Conservation: nothing is left in the scopes of the peers. */
  async assertAllGivenBack (): Promise<void> {
    const left = (): number[] => this.scopes.flatMap(({ bytes, spans }) => [bytes, spans])
    await until(() => left().every(count => count === 0), 'all is given back').catch(() => {})
    assert.deepEqual(left(), [0, 0, 0, 0], 'bytes and spans that are left, near and far')
  }
}
