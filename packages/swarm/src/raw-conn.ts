import type { MultiaddrConnection, PeerId, StreamMuxerFactory } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { fromStreamMuxerFactory } from '@weir/adapters'
import type { ConnManagementScope, ConnMultiaddrs, Multiplexer } from '@weir/network'

/** A transport's connection before anything was agreed on, with the scope it is charged to. */
export interface RawConn extends ConnMultiaddrs {
  readonly socket: MultiaddrConnection
  readonly scope: ConnManagementScope
  /** Who acts as the client in the negotiations; the other side of a simultaneous open may be the server of an outbound one. */
  readonly isClient: boolean
  readonly direction: 'inbound' | 'outbound'
  /** Who has to be at the other end; inbound anybody may. */
  readonly expectedPeer: PeerId | undefined
  /** The transport's own name. */
  readonly transport: string
  readonly limited: boolean
  readonly skipProtection: boolean
  /** Of a transport that secures its connections itself: who is at the other end, and its own muxer if it has one. */
  readonly native?: { readonly remotePeer: PeerId, readonly muxer?: Multiplexer | undefined } | undefined
}

/** The options with which a transport calls the upgrader, as far as they decide anything here. */
export interface TransportUpgradeOptions {
  readonly skipProtection?: boolean | undefined
  readonly skipEncryption?: boolean | undefined
  readonly remotePeer?: PeerId | undefined
  readonly muxerFactory?: StreamMuxerFactory | undefined
  readonly limits?: object | undefined
  readonly initiator?: boolean | undefined
}

/** What a transport's options make of a socket. */
export function rawOptions (options: TransportUpgradeOptions): Pick<RawConn, 'limited' | 'skipProtection' | 'native'> {
  const limited = options.limits !== undefined
  if (options.skipEncryption !== true) return { limited, skipProtection: options.skipProtection === true }
  const { remotePeer, muxerFactory } = options
  if (remotePeer === undefined) throw new TypeError('a transport that skips encryption has to say who the remote is')
  return { limited, skipProtection: true, native: { remotePeer, muxer: muxerFactory === undefined ? undefined : fromStreamMuxerFactory(muxerFactory) } }
}

/**
 * Where the local end of a socket is. `@weir/tcp` says it; of a transport that does not, as js-libp2p's, it is the listener's
 * address, or outbound "any" with port 0.
 */
export function localMultiaddrOf (socket: MultiaddrConnection, listenAddr?: Multiaddr): Multiaddr {
  const known = (socket as { localMultiaddr?: Multiaddr }).localMultiaddr
  return known ?? listenAddr ?? (socket.remoteAddr.toString().startsWith('/ip6/') ? multiaddr('/ip6/::/tcp/0') : multiaddr('/ip4/0.0.0.0/tcp/0'))
}

/**
 * Whether a connection to or from the address takes a file descriptor of its own: TCP and what runs on it does, what
 * shares a UDP socket or another connection does not.
 *
 * @see reference/go-libp2p.md 5.5
 */
export function usesFd (addr: Multiaddr): boolean {
  return !addr.getComponents().some(({ name }) => name === 'udp' || name === 'p2p-circuit' || name === 'memory')
}
