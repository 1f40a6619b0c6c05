import type { ConnectionEncrypter, ConnectionProtector, MessageStream, PeerId, PublicKey, SecuredConnection } from '@libp2p/interface'
import { fromMessageStream } from '@weir/adapters'
import type { IoScheduler } from '@weir/io-scheduler'
import { handle, select } from '@weir/multistream'
import { ConnClosedError, type ConnectionGater, type Multiplexer, type MuxedConn, type PeerScope } from '@weir/network'
import { admit } from './admit.ts'
import { DialToSelfError, UnexpectedPeerError, UpgradeError } from './errors.ts'
import { negotiable, releaseWith } from './negotiable.ts'
import { type MuxerChoice, negotiateMuxer } from './negotiate-muxer.ts'
import type { RawConn } from './raw-conn.ts'
import { type ConnOwner, SwarmConn } from './swarm-conn.ts'

/** What every upgrade of a swarm works with. */
export interface UpgradeParts {
  readonly localPeer: PeerId
  readonly protector: ConnectionProtector
  readonly encrypters: readonly ConnectionEncrypter[]
  readonly muxers: readonly Multiplexer[]
  readonly connectionGater: ConnectionGater
  readonly ioScheduler: IoScheduler
  readonly owner: ConnOwner
  nextConnId (peer: PeerId): string
}

/**
 * Makes a connection of a socket: protects, secures, multiplexes, and asks the gater on the way, in the order of
 * reference/go-libp2p.md 5.5.
 *
 * The scope stays the caller's until the connection is returned, whose end ends it. On any failure the socket is closed.
 * Aborting the signal aborts the socket, and so whatever waits for it; an encrypter or protector that does not hear of that is left
 * behind, and what it gives later comes to nothing.
 *
 * @throws {UpgradeError | UnexpectedPeerError | ConnGatedError | ResourceLimitExceededError} or the signal's reason
 */
export async function upgrade (raw: RawConn, parts: UpgradeParts, signal: AbortSignal): Promise<SwarmConn> {
  signal.throwIfAborted()
  const { socket } = raw
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => {
    socket.abort(signal.reason)
    reject(signal.reason)
  }
  signal.addEventListener('abort', onAbort)
  using undo = new DisposableStack()
  undo.defer(() => { signal.removeEventListener('abort', onAbort) })
  try {
    return await Promise.race([upgradeSteps(raw, parts, signal), aborted])
  } catch (error) {
    const cause = signal.aborted ? signal.reason : error
    socket.abort(cause)
    throw cause
  }
}

async function upgradeSteps (raw: RawConn, parts: UpgradeParts, signal: AbortSignal): Promise<SwarmConn> {
  const { socket, scope, direction } = raw
  const plain = raw.skipProtection ? socket : await step('protector', async () => await parts.protector.protect(socket, { signal }))
  const { secured, security } = raw.native === undefined
    ? await step('security', async () => await secure(plain, raw, parts.encrypters, signal))
    : { secured: { connection: plain, remotePeer: raw.native.remotePeer }, security: '' }
  // It may have ended before the encrypter's stream was there to hear of it: nobody would tell that one any more.
  if (socket.status !== 'open') throw new UpgradeError('security', { cause: new ConnClosedError({ remote: true }) })
  const remotePeer = secured.remotePeer
  // Compared for every kind of key: an encrypter can compare only what the peer id holds, and an RSA id holds no key.
  if (raw.expectedPeer !== undefined && raw.expectedPeer.toString() !== remotePeer.toString()) throw new UnexpectedPeerError(raw.expectedPeer, remotePeer)
  if (remotePeer.toString() === parts.localPeer.toString()) throw new DialToSelfError()
  const addrs = { localMultiaddr: raw.localMultiaddr, remoteMultiaddr: raw.remoteMultiaddr } // the raw connection holds the owner's scope
  admit('interceptSecured', () => parts.connectionGater.interceptSecured(direction, remotePeer, addrs))
  const peerScope = scope.peerScope ?? scope.setPeer(remotePeer)
  const choice = raw.native?.muxer === undefined
    ? await step('muxer', async () => await negotiateMuxer(secured, parts.muxers, raw.isClient, signal))
    : { muxer: raw.native.muxer, conn: fromMessageStream(plain), early: false }
  signal.throwIfAborted()
  return connOf(raw, parts, secured, choice, security, peerScope)
}

function connOf (raw: RawConn, parts: UpgradeParts, secured: SecuredConnection, choice: MuxerChoice, security: string, peerScope: PeerScope): SwarmConn {
  const { remotePeer } = secured
  return new SwarmConn({
    id: parts.nextConnId(remotePeer),
    direction: raw.direction,
    localPeer: parts.localPeer,
    remotePeer,
    remotePublicKey: publicKeyOf(remotePeer),
    localMultiaddr: raw.localMultiaddr,
    remoteMultiaddr: raw.remoteMultiaddr,
    limited: raw.limited,
    state: { streamMultiplexer: choice.muxer.protocol, security, transport: raw.transport, usedEarlyMuxerNegotiation: choice.early },
    scope: raw.scope,
    muxed: multiplex(choice, raw, parts, remotePeer, peerScope),
    owner: parts.owner
  })
}

/** From here on the connection has its share of the bandwidth. */
function multiplex ({ muxer, conn }: MuxerChoice, { isClient }: RawConn, { ioScheduler }: UpgradeParts, remotePeer: PeerId, peerScope: PeerScope): MuxedConn {
  const scheduled = ioScheduler.register(conn)
  scheduled.setPeer(remotePeer)
  try {
    return muxer.newConn(scheduled, !isClient, peerScope)
  } catch (error) {
    scheduled.abort(error as Error)
    throw error
  }
}

async function secure (plain: MessageStream, raw: RawConn, encrypters: readonly ConnectionEncrypter[], signal: AbortSignal): Promise<{ secured: SecuredConnection, security: string }> {
  const conn = fromMessageStream(plain)
  const { protocol, rest } = await (raw.isClient ? select : handle)(negotiable(conn), encrypters.map(encrypter => encrypter.protocol), { signal })
  const encrypter = encrypters.find(encrypter => encrypter.protocol === protocol)
  if (encrypter === undefined) throw new TypeError(`the encrypter ${protocol} was not on offer`)
  const options = raw.expectedPeer === undefined ? { signal } : { signal, remotePeer: raw.expectedPeer }
  const stream = releaseWith(conn, rest)
  return { secured: await (raw.isClient ? encrypter.secureOutbound(stream, options) : encrypter.secureInbound(stream, options)), security: protocol }
}

async function step<T> (name: UpgradeError['step'], run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    throw new UpgradeError(name, { cause })
  }
}

function publicKeyOf (peer: PeerId): PublicKey {
  if (peer.publicKey === undefined) throw new TypeError(`the encrypter gave no public key of ${peer}`)
  return peer.publicKey
}
