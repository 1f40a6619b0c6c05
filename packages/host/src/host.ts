import type { ComponentLogger, PeerId, PrivateKey, Upgrader } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock, Conn, DialPeerOptions, Network, NewStreamOptions, PeerRef, ProtocolID, Stream, StreamHandler } from '@weir/network'
import type { Datastore } from 'interface-datastore'
import type { ConnectTarget } from './connect-target.ts'
import type { HostComponents } from './host-components.ts'

/** Services by name, each made of the components. */
export type ServiceFactories<S extends object> = { readonly [K in keyof S]: (components: HostComponents) => S[K] }

export interface HostInit<S extends object = object> {
  /** Whose streams are handled here. It stays its owner's: `close` does not close it. */
  readonly network: Network
  /** Of the network's local peer. */
  readonly privateKey: PrivateKey
  /** js-libp2p services. They are made at once, and started by `start`. */
  readonly services?: ServiceFactories<S> | undefined
  /** The network's clock: deadlines are set by it. @defaultValue the machine's */
  readonly clock?: Clock | undefined
  /** @defaultValue says nothing */
  readonly logger?: ComponentLogger | undefined
  /** Where services keep what they know of peers. It stays its owner's. @defaultValue one in memory */
  readonly datastore?: Datastore | undefined
  /** What identify tells everybody who connects. @defaultValue `HOST_DEFAULTS.userAgent` */
  readonly userAgent?: string | undefined
  /** How long the agreement on a stream's protocol may take. @defaultValue `HOST_DEFAULTS.negotiationTimeoutMs` */
  readonly negotiationTimeoutMs?: number | undefined
  /** For services that ask for muxers. @defaultValue one that has none */
  readonly upgrader?: Pick<Upgrader, 'getStreamMuxers'> | undefined
}

/**
 * Speaks protocols with peers, over a network: handlers for those that remotes propose, and streams on which a protocol has
 * been agreed on.
 *
 * There is one host to a network. Whoever made it closes it, before the network.
 *
 * @see reference/go-libp2p.md 6
 */
export interface Host<S extends object = object> extends AsyncDisposable {
  readonly network: Network
  readonly peer: PeerId
  /** By which deadlines are set. */
  readonly clock: Clock
  /** For js-libp2p services. */
  readonly components: HostComponents
  readonly services: S

  /**
   * Answers a protocol, in place of its last handler. A handler owns its stream: one that rejects has it reset with a code,
   * one that returns leaves it open.
   */
  setStreamHandler (protocol: ProtocolID, handler: StreamHandler): void

  /**
   * Answers every protocol that `match` takes and that has no handler of its own name; `stream.protocol` is what the remote
   * proposed. `match` is asked for each such proposal and must be quick; one that throws resets the stream.
   *
   * @param protocol - listed for others, and what to remove it by
   */
  setStreamHandlerMatch (protocol: ProtocolID, match: (id: ProtocolID) => boolean, handler: StreamHandler): void

  /** Answers it no more. Streams that are open stay. */
  removeStreamHandler (protocol: ProtocolID): void

  /** What is spoken here, sorted; at most `HOST_DEFAULTS.maxListedProtocols`. */
  protocols (): ProtocolID[]

  /** Where we listen, each with `/p2p/` and our peer id. */
  addrs (): Multiaddr[]

  /**
   * A connection to a peer: one that is there, or a new one. Addresses that are given are remembered for a short while.
   *
   * @throws {MissingPeerIdError} when an address names no peer
   * @throws what the network's `dialPeer` throws
   */
  connect (target: ConnectTarget, options?: DialPeerOptions): Promise<Conn>

  /**
   * Opens a stream for the first of the protocols that the peer speaks; dials when there is no connection. The caller owns it.
   *
   * Where the peer is known to speak one of them, the stream is given out at once and the proposal travels with the first
   * write; that the peer does not speak it after all shows on read then, as `ProtocolNotSupportedError` (or as a reset, by peers
   * that take what came along for nonsense), and the next stream asks.
   *
   * @throws {ProtocolNotSupportedError} when the peer speaks none of them
   * @throws {NegotiationError} when the peer does not keep to multistream-select
   * @throws {DeadlineExceededError} when the agreement took too long
   * @throws {ResourceLimitExceededError} when a limit refuses the stream, here or there
   * @throws what the network's `newStream` throws
   */
  newStream (peer: PeerRef, protocols: ProtocolID | readonly ProtocolID[], options?: NewStreamOptions): Promise<Stream>

  /**
   * Starts the services. Starting twice is harmless.
   *
   * @throws {ServiceStartError} when one does not start: all are stopped again then, and the host can only be closed
   */
  start (): Promise<void>

  /**
   * Stops the services, in reverse order, resets the streams whose handlers run, and leaves the network, which stays open.
   * Closing twice is harmless.
   */
  close (): Promise<void>
}
