import assert from 'node:assert/strict'
import { ADDRESS_TTL_MS, type Conn, type ConnectionGater, type Network, type ResourceManager, type Stream } from '@weir/network'
import { recordingGater } from '../recording-gater.ts'
import { recordingResourceManager, type RecordingResourceManager } from '../recording-resource-manager.ts'
import { until } from '../until.ts'
import { within } from '../within.ts'
import { readText, utf8 } from '../muxed-stream/bytes.ts'
import type { NetworkSubject } from './network-subject.ts'

/** A network whose every gater hook and scope call is written down, in one log. */
export interface RecordedNetwork {
  readonly network: Network
  readonly scopes: RecordingResourceManager
}

/** What answers behind the recording doubles. */
interface InnerParts {
  readonly resourceManager?: ResourceManager | undefined
  readonly connectionGater?: ConnectionGater | undefined
}

export interface PairParts {
  readonly a?: InnerParts | undefined
  readonly b?: InnerParts | undefined
}

/** Two networks, of which the second listens and the first knows where. Made for one case. */
export class NetworkPair {
  /** Knows where b is. */
  readonly a: Network
  /** Listens. */
  readonly b: Network
  readonly subject: NetworkSubject
  readonly #recorded: RecordedNetwork[] = []

  private constructor (subject: NetworkSubject, recorded: readonly [RecordedNetwork, RecordedNetwork]) {
    this.subject = subject
    this.a = recorded[0].network
    this.b = recorded[1].network
    this.#recorded.push(...recorded)
  }

  static async open (subject: NetworkSubject, { a, b }: PairParts = {}): Promise<NetworkPair> {
    await using undo = new AsyncDisposableStack()
    const dialer = undo.adopt(await create(subject, a), end)
    const listener = undo.adopt(await create(subject, b), end)
    await listener.network.listen(subject.listenAddr)
    undo.move()
    const pair = new NetworkPair(subject, [dialer, listener])
    pair.acquaint(pair.a, pair.b)
    return pair
  }

  /** What was asked of a's gater and resource manager, in order. */
  get logOfA (): readonly string[] {
    return this.#recorded[0]?.scopes.log ?? []
  }

  /** What was asked of b's gater and resource manager, in order. */
  get logOfB (): readonly string[] {
    return this.#recorded[1]?.scopes.log ?? []
  }

  /** A third network, which neither listens nor knows anybody. */
  async another (): Promise<Network> {
    const recorded = await create(this.subject)
    this.#recorded.push(recorded)
    return recorded.network
  }

  /** Tells one network where another listens. */
  acquaint (dialer: Network, listener: Network): void {
    dialer.peerstore.addAddrs(listener.localPeer, listener.listenAddresses(), ADDRESS_TTL_MS.permanent)
  }

  /** One connection, seen from a (near) and from b (far). */
  async connect (): Promise<{ readonly near: Conn, readonly far: Conn }> {
    const near = await within(this.a.dialPeer(this.b.localPeer), 'a dials b')
    await until(() => this.b.conns().length > 0, 'b has the connection')
    const [far] = this.b.conns()
    assert(far !== undefined)
    return { near, far }
  }

  /** One stream, opened by a (near) and handled by b (far). */
  async stream (): Promise<{ readonly near: Stream, readonly far: Stream }> {
    const opened = Promise.withResolvers<Stream>()
    this.b.setStreamHandler(stream => { opened.resolve(stream) })
    const near = await within(this.a.newStream(this.b.localPeer), 'a opens a stream')
    await near.write(utf8('!')) // a muxer may announce a stream with its first bytes only
    const far = await within(opened.promise, 'b hears of the stream')
    assert.equal(await readText(far, 1), '!')
    return { near, far }
  }

  /** Closes everything. */
  async close (): Promise<void> {
    await within(Promise.all(this.#recorded.map(end)), 'the networks close')
  }

  /** Conservation: every scope that was opened has ended. */
  async assertAllEnded (): Promise<void> {
    const left = (): string[] => this.#recorded.flatMap(({ scopes }) => scopes.leftOpen())
    await until(() => left().length === 0, 'all scopes end').catch(() => {})
    assert.deepEqual(left(), [], 'scopes are left open')
  }
}

async function create (subject: NetworkSubject, inner: InnerParts = {}): Promise<RecordedNetwork> {
  const scopes = recordingResourceManager([], inner.resourceManager)
  const connectionGater = recordingGater(scopes.log, inner.connectionGater)
  return { network: await subject.create({ resourceManager: scopes, connectionGater }), scopes }
}

async function end ({ network }: RecordedNetwork): Promise<void> {
  await network.close()
  await network.peerstore.close()
}
