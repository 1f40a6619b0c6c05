import { hasCode } from './has-code.ts'
import type { PeerRef } from './peer-ref.ts'
import { type ScopeId, scopeName } from './scope-id.ts'

/** Dialling a peer of whom no address is known. @see seed 004, "ErrNoRemoteAddrs" */
export class NoRemoteAddrsError extends Error {
  override readonly name = 'NoRemoteAddrsError'
  readonly code = 'NO_REMOTE_ADDRS'
  readonly peer: PeerRef

  constructor (peer: PeerRef, options?: ErrorOptions) {
    super(`no remote addresses: add some of ${peer} to the peerstore, or dial one by its address`, options)
    this.peer = peer
  }

  static is (error: unknown): error is NoRemoteAddrsError {
    return hasCode(error, 'NO_REMOTE_ADDRS')
  }
}

/** Opening a stream with `noDial` to a peer without a usable connection. @see seed 004, "ErrNoConn" */
export class NoConnError extends Error {
  override readonly name = 'NoConnError'
  readonly code = 'NO_CONN'
  readonly peer: PeerRef

  constructor (peer: PeerRef, options?: ErrorOptions) {
    super(`no usable connection to peer ${peer}`, options)
    this.peer = peer
  }

  static is (error: unknown): error is NoConnError {
    return hasCode(error, 'NO_CONN')
  }
}

/** Opening a stream without `allowLimitedConn` where there are only limited connections. @see seed 004, "ErrLimitedConn" */
export class LimitedConnError extends Error {
  override readonly name = 'LimitedConnError'
  readonly code = 'LIMITED_CONN'
  readonly peer: PeerRef

  constructor (peer: PeerRef, options?: ErrorOptions) {
    super(`limited connection to peer ${peer}: pass allowLimitedConn to use it`, options)
    this.peer = peer
  }

  static is (error: unknown): error is LimitedConnError {
    return hasCode(error, 'LIMITED_CONN')
  }
}

/** Using a scope that has ended. @see seed 004, "ErrResourceScopeClosed" */
export class ResourceScopeClosedError extends Error {
  override readonly name = 'ResourceScopeClosedError'
  readonly code = 'RESOURCE_SCOPE_CLOSED'
  readonly scope: ScopeId

  constructor (scope: ScopeId, options?: ErrorOptions) {
    super(`resource scope closed: ${scopeName(scope)}`, options)
    this.scope = scope
  }

  static is (error: unknown): error is ResourceScopeClosedError {
    return hasCode(error, 'RESOURCE_SCOPE_CLOSED')
  }
}

/** Attaching a scope to a second peer, protocol or service. */
export class ScopeAttachedError extends Error {
  override readonly name = 'ScopeAttachedError'
  readonly code = 'SCOPE_ATTACHED'
  readonly scope: ScopeId
  readonly to: 'peer' | 'protocol' | 'service'

  constructor (scope: ScopeId, to: 'peer' | 'protocol' | 'service', options?: ErrorOptions) {
    super(`${scopeName(scope)} is already attached to a ${to}`, options)
    this.scope = scope
    this.to = to
  }

  static is (error: unknown): error is ScopeAttachedError {
    return hasCode(error, 'SCOPE_ATTACHED')
  }
}

/** Attaching a stream to a service before it has a protocol. */
export class ScopeNotAttachedError extends Error {
  override readonly name = 'ScopeNotAttachedError'
  readonly code = 'SCOPE_NOT_ATTACHED'
  readonly scope: ScopeId
  readonly to: 'protocol'

  constructor (scope: ScopeId, to: 'protocol', options?: ErrorOptions) {
    super(`${scopeName(scope)} is not attached to a ${to} yet`, options)
    this.scope = scope
    this.to = to
  }

  static is (error: unknown): error is ScopeNotAttachedError {
    return hasCode(error, 'SCOPE_NOT_ATTACHED')
  }
}

/**
 * Using a stream that was reset, here or by the remote.
 *
 * @see seed 004, "ErrReset"; reference/go-libp2p.md 1.2, "StreamError"
 */
export class StreamResetError extends Error {
  override readonly name = 'StreamResetError'
  readonly code = 'STREAM_RESET'
  /** One of `StreamErrorCode`, 0 when the muxer carries none. */
  readonly errorCode: number
  /** Whether the remote reset it. */
  readonly remote: boolean

  constructor ({ errorCode = 0, remote, cause }: { errorCode?: number, remote: boolean, cause?: unknown }) {
    super(`stream reset (${remote ? 'remote' : 'local'}): code 0x${errorCode.toString(16)}`, cause === undefined ? undefined : { cause })
    this.errorCode = errorCode
    this.remote = remote
  }

  static is (error: unknown): error is StreamResetError {
    return hasCode(error, 'STREAM_RESET')
  }
}

/** Reading from a stream whose reading side was closed here. */
export class StreamReadClosedError extends Error {
  override readonly name = 'StreamReadClosedError'
  readonly code = 'STREAM_READ_CLOSED'

  constructor (options?: ErrorOptions) {
    super('the reading side of the stream was closed', options)
  }

  static is (error: unknown): error is StreamReadClosedError {
    return hasCode(error, 'STREAM_READ_CLOSED')
  }
}

/** Writing to a stream whose writing side was closed here. */
export class StreamWriteClosedError extends Error {
  override readonly name = 'StreamWriteClosedError'
  readonly code = 'STREAM_WRITE_CLOSED'

  constructor (options?: ErrorOptions) {
    super('the writing side of the stream was closed', options)
  }

  static is (error: unknown): error is StreamWriteClosedError {
    return hasCode(error, 'STREAM_WRITE_CLOSED')
  }
}

/** A second read while one is waiting: a stream has one reader. */
export class StreamReadPendingError extends Error {
  override readonly name = 'StreamReadPendingError'
  readonly code = 'STREAM_READ_PENDING'

  constructor (options?: ErrorOptions) {
    super('another read of this stream is waiting: a stream has one reader', options)
  }

  static is (error: unknown): error is StreamReadPendingError {
    return hasCode(error, 'STREAM_READ_PENDING')
  }
}

/** A read or write that did not end before the stream's deadline. An expired read loses no bytes. */
export class DeadlineExceededError extends Error {
  override readonly name = 'DeadlineExceededError'
  readonly code = 'DEADLINE_EXCEEDED'
  /** True for everything that may go well when it is tried again. */
  readonly temporary = true
  readonly operation: 'read' | 'write'

  constructor (operation: 'read' | 'write', options?: ErrorOptions) {
    super(`the deadline of the ${operation} has passed`, options)
    this.operation = operation
  }

  static is (error: unknown): error is DeadlineExceededError {
    return hasCode(error, 'DEADLINE_EXCEEDED')
  }
}

/** Using a connection that has ended, here or by the remote. @see reference/go-libp2p.md 1.2, "ConnError" */
export class ConnClosedError extends Error {
  override readonly name = 'ConnClosedError'
  readonly code = 'CONN_CLOSED'
  /** One of `ConnErrorCode`, 0 when the muxer carries none. */
  readonly errorCode: number
  /** Whether the remote ended it. */
  readonly remote: boolean

  constructor ({ errorCode = 0, remote, cause }: { errorCode?: number, remote: boolean, cause?: unknown }) {
    super(`connection closed (${remote ? 'remote' : 'local'}): code 0x${errorCode.toString(16)}`, cause === undefined ? undefined : { cause })
    this.errorCode = errorCode
    this.remote = remote
  }

  static is (error: unknown): error is ConnClosedError {
    return hasCode(error, 'CONN_CLOSED')
  }
}

/** A public key that does not make the peer id it was given for. */
export class PeerKeyMismatchError extends Error {
  override readonly name = 'PeerKeyMismatchError'
  readonly code = 'PEER_KEY_MISMATCH'
  readonly peer: PeerRef

  constructor (peer: PeerRef, options?: ErrorOptions) {
    super(`the public key is not that of peer ${peer}`, options)
    this.peer = peer
  }

  static is (error: unknown): error is PeerKeyMismatchError {
    return hasCode(error, 'PEER_KEY_MISMATCH')
  }
}
