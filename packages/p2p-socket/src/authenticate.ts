import { ByteReader, type ScheduledConn } from '@weir/io-scheduler'
import { type Clock, type ConnManagementScope, nullResourceManager, ReservationPriority, ResourceLimitExceededError, type ResourceManager, systemClock } from '@weir/network'
import { type AuthenticatedConn, readChunk, type SessionParts, UnansweredConn, writeChunk } from './authenticated-conn.ts'
import { Channel } from './channel.ts'
import { checkAboveZero, checkKeys } from './check-options.ts'
import type { ConnectionInfo } from './connection-info.ts'
import { type ConnectionMessage, connectionFrameLength, decodeConnectionMessage, encodeConnectionMessage } from './connection-message.ts'
import type { ConnMetaConfig } from './conn-metadata.ts'
import { defaultCrypto } from './default-crypto.ts'
import { CONNECTION_MEMORY_BYTES, P2P_SOCKET_DEFAULTS } from './defaults.ts'
import { decode, encode } from './encoding/encoding.ts'
import { MyselfError, NotEnoughProofOfWorkError } from './errors.ts'
import { HandshakeDeadline } from './handshake-deadline.ts'
import type { P2pIdentity } from './identity.ts'
import { sendNoRoom } from './nack.ts'
import type { NetworkVersion } from './network-version.ts'
import { NONCE_BYTES, type P2pCrypto } from './p2p-crypto.ts'
import { P2pPeerId } from './p2p-peer-id.ts'
import { type P2pPoint, pointMultiaddr } from './p2p-point.ts'
import { checkProofOfWork, type ProofOfWorkTarget } from './proof-of-work.ts'

/** What a session begins with. */
export interface AuthenticateInit<Meta> {
  /** Taken over, whatever comes of it. What it reads is written into: each buffer must be the reader's own. */
  readonly conn: ScheduledConn
  /** Whether the other side opened the connection. */
  readonly incoming: boolean
  /** The other end of the connection. */
  readonly point: P2pPoint
  readonly identity: P2pIdentity
  /** The least work that the peer has to prove. */
  readonly proofOfWorkTarget: ProofOfWorkTarget
  /** Where this node can be dialled. @defaultValue nowhere */
  readonly advertisedPort?: number | undefined
  /** What this node announces: see `announcedVersion`. */
  readonly version: NetworkVersion
  readonly metadata: ConnMetaConfig<Meta>
  /** Whom the connection is charged to, before anything is read or written. @defaultValue the Null */
  readonly resourceManager?: ResourceManager | undefined
  /** A scope that was opened before the socket was, instead of one of the manager's. Taken over. */
  readonly scope?: ConnManagementScope | undefined
  readonly crypto?: P2pCrypto | undefined
  readonly clock?: Clock | undefined
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const KNOWN: ReadonlySet<string> = new Set<keyof AuthenticateInit<never>>([
  'conn', 'incoming', 'point', 'identity', 'proofOfWorkTarget', 'advertisedPort', 'version', 'metadata', 'resourceManager', 'scope', 'crypto', 'clock', 'timeoutMs', 'signal'
])

/**
 * Finds out who is at the other end: exchanges connection messages and metadata, checks the proof of work, and encrypts.
 *
 * The connection is charged first, with the memory of a chunk in each direction, and moved to its peer once the peer has shown that it
 * has its key. If there is no room for the peer, it is told so by a Nack. On any failure the connection is aborted, and its scope ends.
 *
 * @throws {TypeError | RangeError} at a wrong option
 * @throws {NotEnoughProofOfWorkError} when the peer has worked too little
 * @throws {MyselfError} when both ends are this node
 * @throws {ConnectionClosedError} when the peer closes
 * @throws {DecodingError | DecipherError | LowOrderPublicKeyError | InvalidIncomingCiphertextSizeError} when it is no proper peer
 * @throws {ResourceLimitExceededError} when there is no room @throws {HandshakeTimeoutError} or the signal's reason
 * @see seed 002, "authenticate"; reference/tezos-p2p.md 2.2
 */
export async function authenticate<Meta> (init: AuthenticateInit<Meta>): Promise<AuthenticatedConn<Meta>> {
  const { conn, clock = systemClock, timeoutMs = P2P_SOCKET_DEFAULTS.authenticationTimeoutMs } = init
  let scope = init.scope
  try {
    checkKeys('authenticate', init, KNOWN)
    checkAboveZero('timeoutMs', timeoutMs)
    // Synchronously: a flood stops here, in the turn of its accept.
    scope ??= (init.resourceManager ?? nullResourceManager).openConnection(init.incoming ? 'inbound' : 'outbound', true, pointMultiaddr(init.point))
    scope.reserveMemory(CONNECTION_MEMORY_BYTES, ReservationPriority.always)
    using deadline = new HandshakeDeadline('authenticate', { conn, clock, timeoutMs, signal: init.signal })
    deadline.throwIfAborted()
    const parts = await authenticateSteps(init, scope, clock)
    deadline.throwIfAborted()
    return new UnansweredConn(parts)
  } catch (error) {
    conn.abort(error as Error)
    scope?.done()
    throw error
  }
}

async function authenticateSteps<Meta> (init: AuthenticateInit<Meta>, scope: ConnManagementScope, clock: Clock): Promise<SessionParts<Meta>> {
  const { conn, crypto = defaultCrypto, identity, incoming, metadata } = init
  const reader = new ByteReader(conn)
  const sent = encodeConnectionMessage(ownMessage(init, crypto))
  conn.write(sent)
  const received = await readConnectionFrame(reader)
  const remote = decodeConnectionMessage(received)
  const peerId = P2pPeerId.ofPublicKey(remote.publicKey, crypto)
  if (!checkProofOfWork(remote.publicKey, remote.proofOfWorkStamp, init.proofOfWorkTarget, crypto)) throw new NotEnoughProofOfWorkError(peerId)
  const channel = new Channel({ crypto, key: crypto.boxBeforeNm(remote.publicKey, identity.secretKey), incoming, sent, received })
  const localMetadata = metadata.value()
  writeChunk({ conn, channel }, encode(metadata.encoding, localMetadata))
  const remoteMetadata = decode(metadata.encoding, await readChunk({ reader, channel }))
  const info: ConnectionInfo<Meta> = Object.freeze({
    incoming,
    peerId,
    idPoint: { address: init.point.address, port: incoming ? remote.port : init.point.port },
    remoteSocketPort: init.point.port,
    announcedVersion: remote.version,
    privateNode: metadata.privateNode(remoteMetadata),
    localMetadata,
    remoteMetadata
  })
  // Not before the metadata: whoever only repeats our public key must not make us believe that a point is our own.
  if (peerId.equals(identity.peerId)) throw new MyselfError(info.idPoint)
  const parts: SessionParts<Meta> = { conn, reader, channel, scope, info, clock }
  await chargePeer(parts)
  conn.setPeer(peerId)
  return parts
}

function ownMessage ({ advertisedPort, identity, version }: Pick<AuthenticateInit<never>, 'advertisedPort' | 'identity' | 'version'>, crypto: P2pCrypto): ConnectionMessage {
  const messageNonce = new Uint8Array(NONCE_BYTES)
  crypto.randomFill(messageNonce) // never given from outside: with a nonce that was used before, the session's key would be too
  return { port: advertisedPort, publicKey: identity.publicKey, proofOfWorkStamp: identity.proofOfWorkStamp, messageNonce, version }
}

async function readConnectionFrame (reader: ByteReader): Promise<Uint8Array> {
  const header = new Uint8Array(2)
  await reader.readFull(header)
  const frame = new Uint8Array(connectionFrameLength(header))
  frame.set(header)
  await reader.readFull(frame, { posBytes: header.length })
  return frame
}

async function chargePeer<Meta> (parts: SessionParts<Meta>): Promise<void> {
  try {
    parts.scope.setPeer(parts.info.peerId)
  } catch (refusal) {
    if (ResourceLimitExceededError.is(refusal)) await sendNoRoom(parts)
    throw refusal
  }
}

