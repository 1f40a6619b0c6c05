export { accept, type AcceptInit } from './accept.ts'
export { authenticate, type AuthenticateInit } from './authenticate.ts'
export { type AuthenticatedConn } from './authenticated-conn.ts'
export { nodeMetaConfig, type ConnMetaConfig, type NodeMetadata } from './conn-metadata.ts'
export { type ConnectionId, type ConnectionInfo } from './connection-info.ts'
export { defaultCrypto } from './default-crypto.ts'
export { DEFAULT_PROOF_OF_WORK_TARGET, MAX_RECEIVED_POINTS, MAX_SENT_POINTS, P2P_SOCKET_DEFAULTS, type P2pSocketDefaults } from './defaults.ts'
export { DISCONNECTION_REASON_TAGS, disconnectionReasonText, type DisconnectionReason } from './disconnection-reason.ts'
export { copyEncodedMessage, type EncodedMessage } from './encoded-message.ts'
export { bytes, fixedBytes, string, variableBytes } from './encoding/bytes.ts'
export { conv } from './encoding/conv.ts'
export { decode, encode, type Encoding } from './encoding/encoding.ts'
export { DecodingError, EncodingError, type DecodingFault } from './encoding/errors.ts'
export { list, variableList, type ListOptions } from './encoding/list.ts'
export { bool, empty, int16, int31, int32, int64, stringEnum, uint16, uint30, uint8 } from './encoding/numbers.ts'
export { option, optional } from './encoding/option.ts'
export { checkSize, dynamicSize } from './encoding/sized.ts'
export { struct } from './encoding/struct.ts'
export { union, unionCase, type UnionCase } from './encoding/union.ts'
export {
  DecipherError, EncodedMessageUsedError, HandshakeTimeoutError, InvalidAuthError, InvalidChunksSizeError, InvalidIncomingCiphertextSizeError,
  InvalidMessageSizeError, LowOrderPublicKeyError, MyselfError, NonceExhaustedError, NotEnoughProofOfWorkError,
  RejectedByNackError, RejectedSocketConnectionError, TooManyPointsError
} from './errors.ts'
export { checkBinaryChunksSize } from './chunk-size.ts'
export { generateIdentity, type GenerateIdentityOptions, type IdentityProgress } from './generate-identity.ts'
export {
  ExistentIdentityFileError, IdentityKeysMismatchError, IdentityMismatchError, InsufficientProofOfWorkError, InvalidIdentityFileError,
  NoIdentityFileError
} from './identity-errors.ts'
export { identityJson, readIdentityFile, writeIdentityFile, type ReadIdentityOptions } from './identity-file.ts'
export { identityOf, type P2pIdentity } from './identity.ts'
export { type SizedMessage } from './message-decoder.ts'
export { nack, type NackOptions } from './nack.ts'
export { announcedVersion, selectVersion, type NetworkVersion, type SupportedVersions } from './network-version.ts'
export { nobleCrypto } from './noble-crypto.ts'
export { type CloseOptions, type P2pConnection, type WaitOptions } from './p2p-connection.ts'
export { type P2pCrypto } from './p2p-crypto.ts'
export { DISTRIBUTED_DB_TAGS, opaqueCases, p2pMessageEncoding, type OpaqueMessage, type P2pMessage } from './p2p-message.ts'
export { P2pPeerId } from './p2p-peer-id.ts'
export { parseAddrPortId, parsePoint, p2pPoint, pointEncoding, pointMultiaddr, pointText, type AddrPortId, type P2pPoint } from './p2p-point.ts'
export {
  ConnectedError, ConnectionFailedError, FailedToOpenListeningSocketError, FullWaitingQueueError, IdentityCheckFailureError, MaintenanceDisabledError,
  P2pLayerDisabledError, PeerBannedError, PeerDiscoveryDisabledError, PendingConnectionError, PointBannedError, PrivateModeError, RejectedError,
  RejectedNoCommonProtocolError, RejectingIncomingError, TooManyConnectionsError
} from './pool-errors.ts'
export { checkProofOfWork, ProofOfWorkTarget } from './proof-of-work.ts'
export { type RejectionMotive } from './rejection.ts'
export { loadSodiumCrypto } from './sodium-crypto.ts'
export { InvalidPeerIdError, InvalidPointError } from './syntax-errors.ts'
