import { fromSocket, nullIoScheduler, type ScheduledConn } from '@weir/io-scheduler'
import { loopback } from './loopback.ts'
import {
  accept, type AcceptInit, announcedVersion, authenticate, type AuthenticatedConn, type AuthenticateInit, bytes, type Encoding, identityOf, nodeMetaConfig,
  type NodeMetadata, type P2pConnection, type P2pCrypto, type P2pIdentity, p2pPoint, ProofOfWorkTarget
} from '../src/index.ts'
import { CRYPTOS } from './cryptos.ts'

export const VERSION = announcedVersion({ chainName: 'SANDBOXED_TEZOS', distributedDbVersions: [0, 1, 2], p2pVersions: [0, 1] })
const ANY_WORK: ProofOfWorkTarget = new ProofOfWorkTarget(0)

/** An identity that has worked for nothing. */
export function anyIdentity (seed: number, crypto?: P2pCrypto): P2pIdentity {
  const [first] = CRYPTOS
  const used = crypto ?? first
  if (used === undefined) throw new Error('no cryptography')
  return identityOf(new Uint8Array(32).fill(seed), new Uint8Array(24).fill(seed), used)
}

export type Overrides = Partial<AuthenticateInit<NodeMetadata>>

/** What authenticate is given for an end of a connection. */
export function endInit (conn: ScheduledConn, incoming: boolean, overrides: Overrides = {}): AuthenticateInit<NodeMetadata> {
  return {
    conn,
    incoming,
    point: p2pPoint('127.0.0.1', 4_000),
    identity: anyIdentity(incoming ? 2 : 1),
    proofOfWorkTarget: ANY_WORK,
    version: VERSION,
    metadata: nodeMetaConfig(),
    ...overrides
  }
}

/** Both ends of a connection, as bytes. */
export interface ConnPair extends AsyncDisposable {
  readonly client: ScheduledConn
  readonly server: ScheduledConn
}

export async function connPair (): Promise<ConnPair> {
  const link = await loopback()
  return {
    client: nullIoScheduler.register(fromSocket(link.client)),
    server: nullIoScheduler.register(fromSocket(link.server)),
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose]()
  }
}

export interface AuthenticatedPair {
  readonly client: AuthenticatedConn<NodeMetadata>
  readonly server: AuthenticatedConn<NodeMetadata>
}

export async function authenticatedPair (conns: ConnPair, { client = {}, server = {}, both = {} }: { client?: Overrides, server?: Overrides, both?: Overrides } = {}): Promise<AuthenticatedPair> {
  const [clientAuth, serverAuth] = await Promise.all([
    authenticate(endInit(conns.client, false, { ...both, ...client })),
    authenticate(endInit(conns.server, true, { ...both, ...server }))
  ])
  return { client: clientAuth, server: serverAuth }
}

export interface SessionPair<Message> extends AsyncDisposable {
  readonly client: P2pConnection<Message, NodeMetadata>
  readonly server: P2pConnection<Message, NodeMetadata>
}

/** Two ends that have accepted each other over real sockets. */
export async function sessionPair<Message = Uint8Array> (
  { encoding = bytes() as unknown as Encoding<Message>, accepting = {}, ...ends }: { encoding?: Encoding<Message>, accepting?: Partial<AcceptInit<Message>>, client?: Overrides, server?: Overrides, both?: Overrides } = {}
): Promise<SessionPair<Message>> {
  const conns = await connPair()
  const auth = await authenticatedPair(conns, ends)
  const [client, server] = await Promise.all([accept(auth.client, { encoding, ...accepting }), accept(auth.server, { encoding, ...accepting })])
  return {
    client,
    server,
    async [Symbol.asyncDispose] () {
      await Promise.all([client.close(), server.close()])
      await conns[Symbol.asyncDispose]()
    }
  }
}
