import { hasCode, type PeerRef, type ProtocolID } from '@weir/network'
import type { Multiaddr } from '@multiformats/multiaddr'

/** Using a host that was closed. */
export class HostClosedError extends Error {
  override readonly name = 'HostClosedError'
  readonly code = 'HOST_CLOSED'

  constructor (options?: ErrorOptions) {
    super('the host is closed', options)
  }

  static is (error: unknown): error is HostClosedError {
    return hasCode(error, 'HOST_CLOSED')
  }
}

/** Connecting to an address that does not say whom to expect there. */
export class MissingPeerIdError extends Error {
  override readonly name = 'MissingPeerIdError'
  readonly code = 'MISSING_PEER_ID'
  readonly addr: Multiaddr

  constructor (addr: Multiaddr, options?: ErrorOptions) {
    super(`${addr} names no peer: add /p2p/ and its peer id`, options)
    this.addr = addr
  }

  static is (error: unknown): error is MissingPeerIdError {
    return hasCode(error, 'MISSING_PEER_ID')
  }
}

/** A service that did not start. What had been started was stopped again. */
export class ServiceStartError extends Error {
  override readonly name = 'ServiceStartError'
  readonly code = 'SERVICE_START'
  readonly service: string

  constructor (service: string, options?: ErrorOptions) {
    super(`the service ${service} did not start`, options)
    this.service = service
  }

  static is (error: unknown): error is ServiceStartError {
    return hasCode(error, 'SERVICE_START')
  }
}

/** A ping that came back with other bytes than it was sent with. */
export class PingPayloadError extends Error {
  override readonly name = 'PingPayloadError'
  readonly code = 'PING_PAYLOAD'
  readonly peer: PeerRef

  constructor (peer: PeerRef, options?: ErrorOptions) {
    super(`the ping that came back from ${peer} is not the one that was sent`, options)
    this.peer = peer
  }

  static is (error: unknown): error is PingPayloadError {
    return hasCode(error, 'PING_PAYLOAD')
  }
}

/** A stream that ended in the middle of what was to come. */
export class UnexpectedStreamEndError extends Error {
  override readonly name = 'UnexpectedStreamEndError'
  readonly code = 'UNEXPECTED_STREAM_END'
  readonly expectedBytes: number
  readonly receivedBytes: number

  constructor ({ expectedBytes, receivedBytes }: { expectedBytes: number, receivedBytes: number }, options?: ErrorOptions) {
    super(`the stream ended after ${receivedBytes} of ${expectedBytes} bytes`, options)
    this.expectedBytes = expectedBytes
    this.receivedBytes = receivedBytes
  }

  static is (error: unknown): error is UnexpectedStreamEndError {
    return hasCode(error, 'UNEXPECTED_STREAM_END')
  }
}

/** More bytes than were agreed on: more than were asked for, or more than the responder's limit. */
export class PerfLimitError extends Error {
  override readonly name = 'PerfLimitError'
  readonly code = 'PERF_LIMIT'
  readonly bytes: number
  readonly limitBytes: number

  constructor ({ bytes, limitBytes }: { bytes: number, limitBytes: number }, options?: ErrorOptions) {
    super(`${bytes} bytes in a measurement, ${limitBytes} are allowed`, options)
    this.bytes = bytes
    this.limitBytes = limitBytes
  }

  static is (error: unknown): error is PerfLimitError {
    return hasCode(error, 'PERF_LIMIT')
  }
}

/** Calling something of js-libp2p's components that a host does not have. */
export class NotOfferedError extends Error {
  override readonly name = 'NotOfferedError'
  readonly code = 'NOT_OFFERED'
  /** Such as `connectionManager.setMaxConnections`. */
  readonly member: string

  constructor (member: string, instead: string, options?: ErrorOptions) {
    super(`${member} is not offered: ${instead}`, options)
    this.member = member
  }

  static is (error: unknown): error is NotOfferedError {
    return hasCode(error, 'NOT_OFFERED')
  }
}

/** Registering a second js handler for a protocol without `force`. js services tell it by its name, which is js-libp2p's. */
export class DuplicateProtocolHandlerError extends Error {
  override readonly name = 'DuplicateProtocolHandlerError'
  readonly code = 'DUPLICATE_PROTOCOL_HANDLER'
  readonly protocol: ProtocolID

  constructor (protocol: ProtocolID, options?: ErrorOptions) {
    super(`a handler for ${protocol} is registered already`, options)
    this.protocol = protocol
  }

  static is (error: unknown): error is DuplicateProtocolHandlerError {
    return hasCode(error, 'DUPLICATE_PROTOCOL_HANDLER')
  }
}

/** Asking for the js handler of a protocol that has none. js services tell it by its name, which is js-libp2p's. */
export class UnhandledProtocolError extends Error {
  override readonly name = 'UnhandledProtocolError'
  readonly code = 'UNHANDLED_PROTOCOL'
  readonly protocol: ProtocolID

  constructor (protocol: ProtocolID, options?: ErrorOptions) {
    super(`no handler is registered for ${protocol}`, options)
    this.protocol = protocol
  }

  static is (error: unknown): error is UnhandledProtocolError {
    return hasCode(error, 'UNHANDLED_PROTOCOL')
  }
}
