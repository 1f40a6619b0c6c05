export { type Uint8ArrayList } from './byte-list.ts'
export { systemClock, type Clock } from './clock.ts'
export { nullConnManager } from './conn-manager.null.ts'
export { type ConnLimiter, type ConnManager, type TagInfo, type TrimReport } from './conn-manager.ts'
export { type ConnMultiaddrs } from './conn-multiaddrs.ts'
export { type ConnManagementScope, type ConnScope } from './conn-scope.ts'
export { type ConnScoper } from './conn-scoper.ts'
export { type ConnSecurity } from './conn-security.ts'
export { type ConnStat } from './conn-stat.ts'
export { type Conn, type Stream } from './conn.ts'
export { Connectedness } from './connectedness.ts'
export { nullConnectionGater } from './connection-gater.null.ts'
export { type ConnectionGater } from './connection-gater.ts'
export { type ConnectionState } from './connection-state.ts'
export { ADDRESS_TTL_MS, DIAL_PEER_TIMEOUT_MS, MESSAGE_SIZE_MAX_BYTES } from './defaults.ts'
export { type DialPeerOptions, type NewStreamOptions } from './dial-options.ts'
export { DialPriority } from './dial-priority.ts'
export { type AddrDelay, type DialRanker } from './dial-ranker.ts'
export { Direction } from './direction.ts'
export { ConnErrorCode, StreamErrorCode } from './error-code.ts'
export {
  ConnClosedError,
  DeadlineExceededError,
  LimitedConnError,
  NoConnError,
  NoRemoteAddrsError,
  PeerKeyMismatchError,
  ResourceScopeClosedError,
  ScopeAttachedError,
  ScopeNotAttachedError,
  StreamReadClosedError,
  StreamReadPendingError,
  StreamResetError,
  StreamWriteClosedError
} from './errors.ts'
export { hasCode } from './has-code.ts'
export { ipAddressOf, ipAddressText, parseIpAddress, type IpAddress } from './ip-address.ts'
export { nullResolver } from './multiaddr-dns-resolver.null.ts'
export { type MultiaddrDNSResolver, type ResolveDNSAddrOptions, type ResolveDNSComponentOptions } from './multiaddr-dns-resolver.ts'
export { type Multiplexer } from './multiplexer.ts'
export { type MuxedConn } from './muxed-conn.ts'
export { type MuxedStream, type ReadOptions, type WriteOptions } from './muxed-stream.ts'
export { NATDeviceType } from './nat-device-type.ts'
export { NATTransportProtocol } from './nat-transport-protocol.ts'
export { type Dialer, type Network, type Notifiee } from './network.ts'
export { noopNotifiee } from './notifiee.null.ts'
export { notifyBundle, type NotifyBundle } from './notify-bundle.ts'
export { type PeerRef } from './peer-ref.ts'
export { type PeerScope } from './peer-scope.ts'
export { nullPeerstore } from './peerstore.null.ts'
export { type AddrBook, type KeyBook, type LatencyBook, type PeerMetadata, type Peerstore, type ProtoBook } from './peerstore.ts'
export { nullProtector } from './protector.null.ts'
export { type ProtocolID } from './protocol-id.ts'
export { type ProtocolScope } from './protocol-scope.ts'
export { systemRandom, type Random } from './random.ts'
export { Reachability } from './reachability.ts'
export { ReservationPriority } from './reservation-priority.ts'
export { ResourceLimitExceededError, type LimitedResource, type LocalRefusal, type LocalResourceLimitExceededError, type RemoteRefusal, type RemoteResourceLimitExceededError } from './resource-limit-exceeded-error.ts'
export { nullResourceManager } from './resource-manager.null.ts'
export { type ResourceManager, type ResourceScopeViewer } from './resource-manager.ts'
export { nullScope } from './resource-scope.null.ts'
export { type ResourceScope, type ResourceScopeSpan } from './resource-scope.ts'
export { scopeName, type ScopeId } from './scope-id.ts'
export { ZERO_SCOPE_STAT, type ScopeStat } from './scope-stat.ts'
export { type SecureConn } from './secure-conn.ts'
export { type ServiceScope } from './service-scope.ts'
export { type ConnStats, type Stats } from './stats.ts'
export { type StreamHandler } from './stream-handler.ts'
export { type StreamManagementScope, type StreamScope } from './stream-scope.ts'
export { parseSubnet, subnetHas, subnetKey, subnetOf, subnetText, type Subnet } from './subnet.ts'
export { ALLOW, deny, isDenial, type Denial, type Verdict } from './verdict.ts'
