import assert from 'node:assert/strict'
import * as network from '../src/index.ts'
import { testPeer } from './peers.ts'

const peer = testPeer('12D3')
const scope = { kind: 'peer', peer } as const
const cause = new Error('the cause')

interface Kind {
  readonly make: () => Error
  readonly is: (error: unknown) => boolean
  readonly code: string
  readonly message: string
  /** Public data besides name, code and cause. */
  readonly data: object
}

const KINDS: Record<string, Kind> = {
  NoRemoteAddrsError: {
    make: () => new network.NoRemoteAddrsError(peer, { cause }),
    is: network.NoRemoteAddrsError.is,
    code: 'NO_REMOTE_ADDRS',
    message: 'no remote addresses: add some of 12D3 to the peerstore, or dial one by its address',
    data: { peer }
  },
  NoConnError: {
    make: () => new network.NoConnError(peer, { cause }),
    is: network.NoConnError.is,
    code: 'NO_CONN',
    message: 'no usable connection to peer 12D3',
    data: { peer }
  },
  LimitedConnError: {
    make: () => new network.LimitedConnError(peer, { cause }),
    is: network.LimitedConnError.is,
    code: 'LIMITED_CONN',
    message: 'limited connection to peer 12D3: pass allowLimitedConn to use it',
    data: { peer }
  },
  ResourceScopeClosedError: {
    make: () => new network.ResourceScopeClosedError(scope, { cause }),
    is: network.ResourceScopeClosedError.is,
    code: 'RESOURCE_SCOPE_CLOSED',
    message: 'resource scope closed: peer 12D3',
    data: { scope }
  },
  ScopeAttachedError: {
    make: () => new network.ScopeAttachedError({ kind: 'stream', id: 1 }, 'service', { cause }),
    is: network.ScopeAttachedError.is,
    code: 'SCOPE_ATTACHED',
    message: 'stream 1 is already attached to a service',
    data: { scope: { kind: 'stream', id: 1 }, to: 'service' }
  },
  ScopeNotAttachedError: {
    make: () => new network.ScopeNotAttachedError({ kind: 'stream', id: 1 }, 'protocol', { cause }),
    is: network.ScopeNotAttachedError.is,
    code: 'SCOPE_NOT_ATTACHED',
    message: 'stream 1 is not attached to a protocol yet',
    data: { scope: { kind: 'stream', id: 1 }, to: 'protocol' }
  },
  StreamResetError: {
    make: () => new network.StreamResetError({ errorCode: network.StreamErrorCode.gated, remote: true, cause }),
    is: network.StreamResetError.is,
    code: 'STREAM_RESET',
    message: 'stream reset (remote): code 0x1008',
    data: { errorCode: 0x1008, remote: true }
  },
  StreamReadClosedError: {
    make: () => new network.StreamReadClosedError({ cause }),
    is: network.StreamReadClosedError.is,
    code: 'STREAM_READ_CLOSED',
    message: 'the reading side of the stream was closed',
    data: {}
  },
  StreamWriteClosedError: {
    make: () => new network.StreamWriteClosedError({ cause }),
    is: network.StreamWriteClosedError.is,
    code: 'STREAM_WRITE_CLOSED',
    message: 'the writing side of the stream was closed',
    data: {}
  },
  StreamReadPendingError: {
    make: () => new network.StreamReadPendingError({ cause }),
    is: network.StreamReadPendingError.is,
    code: 'STREAM_READ_PENDING',
    message: 'another read of this stream is waiting: a stream has one reader',
    data: {}
  },
  DeadlineExceededError: {
    make: () => new network.DeadlineExceededError('read', { cause }),
    is: network.DeadlineExceededError.is,
    code: 'DEADLINE_EXCEEDED',
    message: 'the deadline of the read has passed',
    data: { operation: 'read', temporary: true }
  },
  ConnClosedError: {
    make: () => new network.ConnClosedError({ errorCode: network.ConnErrorCode.gated, remote: false, cause }),
    is: network.ConnClosedError.is,
    code: 'CONN_CLOSED',
    message: 'connection closed (local): code 0x1007',
    data: { errorCode: 0x1007, remote: false }
  },
  PeerKeyMismatchError: {
    make: () => new network.PeerKeyMismatchError(peer, { cause }),
    is: network.PeerKeyMismatchError.is,
    code: 'PEER_KEY_MISMATCH',
    message: 'the public key is not that of peer 12D3',
    data: { peer }
  },
  ResourceLimitExceededError: {
    make: () => new network.ResourceLimitExceededError({ where: 'remote', errorCode: 0x1002 }, { cause }),
    is: network.ResourceLimitExceededError.is,
    code: 'RESOURCE_LIMIT_EXCEEDED',
    message: 'the remote refused: its resource limit is exceeded',
    data: { where: 'remote', errorCode: 0x1002, temporary: true }
  }
}

describe('the errors', () => {
  it('are all in this test', () => {
    assert.deepEqual(Object.keys(KINDS).sort(), Object.keys(network).filter(name => name.endsWith('Error')).sort())
  })

  it('have a code each', () => {
    const codes = Object.values(KINDS).map(kind => kind.code)
    assert.equal(new Set(codes).size, codes.length)
  })

  for (const [name, kind] of Object.entries(KINDS)) {
    describe(name, () => {
      it('has its name, code, sentence, data and cause', () => {
        const error = kind.make()
        assert.ok(error instanceof Error)
        assert.equal(error.name, name)
        assert.equal(String(error), `${name}: ${kind.message}`)
        assert.deepEqual({ ...error, ...kind.data, code: kind.code, name }, { ...error })
        assert.equal(error.message, kind.message)
        assert.equal(error.cause, cause)
      })

      it('is told by its code, so that a second copy of the package agrees', () => {
        assert.equal(kind.is(kind.make()), true)
        assert.equal(kind.is(Object.assign(new Error('of another copy'), { code: kind.code })), true)
      })

      it('is told from every other error, and from what is none', () => {
        for (const other of Object.values(KINDS)) if (other !== kind) assert.equal(kind.is(other.make()), false)
        for (const other of [undefined, null, kind.code, { code: kind.code }, new Error(kind.code)]) assert.equal(kind.is(other), false)
      })
    })
  }

  it('have no cause where none was given', () => {
    assert.equal('cause' in new network.NoConnError(peer), false)
    assert.equal('cause' in new network.StreamResetError({ remote: true }), false)
    assert.equal('cause' in new network.ConnClosedError({ remote: true }), false)
    assert.equal('cause' in new network.ResourceLimitExceededError({ where: 'remote', errorCode: 0 }), false)
  })

  it('of a muxer that carries no codes say code 0', () => {
    assert.equal(new network.StreamResetError({ remote: false }).message, 'stream reset (local): code 0x0')
    assert.equal(new network.ConnClosedError({ remote: true }).message, 'connection closed (remote): code 0x0')
  })
})
