import type { PeerId, PublicKey } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import {
  type Clock, type Conn, ConnClosedError, type ConnectionState, type ConnManagementScope, type ConnScope, type ConnStats, LimitedConnError,
  type MuxedConn, type MuxedStream, type NewStreamOptions, type ResourceManager, type Stream, StreamErrorCode
} from '@weir/network'
import { AddrKind } from './addr-kind.ts'
import type { ConnSeries } from './conn-series.ts'
import { RunningHandlers } from './running-handlers.ts'
import { type StreamOwner, SwarmStream } from './swarm-stream.ts'

// One for all: whoever looks at every connection, as a trim does, makes no map for each.
const NOTHING: ReadonlyMap<unknown, unknown> = new Map()

/** What a connection asks of the swarm it belongs to. */
export interface ConnOwner {
  readonly resourceManager: ResourceManager
  readonly clock: Clock
  readonly closeTimeoutMs: number
  /** All that run in the swarm. */
  readonly handlers: RunningHandlers
  /** Runs the handler of a stream that the remote opened. Must not throw; the stream is held until the promise settles. */
  handle (stream: Stream): Promise<void>
  /** The connection has left: its scope has ended, its streams were aborted. Called once. */
  onGone (conn: SwarmConn): void
}

export interface SwarmConnInit {
  readonly id: string
  readonly direction: 'inbound' | 'outbound'
  readonly localPeer: PeerId
  readonly remotePeer: PeerId
  readonly remotePublicKey: PublicKey
  readonly localMultiaddr: Multiaddr
  readonly remoteMultiaddr: Multiaddr
  readonly limited: boolean
  readonly state: ConnectionState
  readonly scope: ConnManagementScope
  readonly muxed: MuxedConn
  readonly owner: ConnOwner
}

/** A connection that is ready: it accepts and opens streams, and ends with all of them. */
export class SwarmConn implements Conn, StreamOwner {
  readonly id: string
  readonly localPeer: PeerId
  readonly remotePeer: PeerId
  readonly remotePublicKey: PublicKey
  readonly localMultiaddr: Multiaddr
  readonly remoteMultiaddr: Multiaddr
  readonly limited: boolean
  /** Whether it runs through a relay. */
  readonly isRelayed: boolean
  readonly direction: 'inbound' | 'outbound'
  readonly openedMs: number
  readonly openedMonotonicMs: number
  /** Where it is counted. Its swarm keeps it here, so that it has not to be found twice. */
  series: ConnSeries | undefined
  readonly #init: SwarmConnInit
  readonly #streams = new Set<SwarmStream>()
  readonly #handlers: RunningHandlers
  #streamCount = 0
  #readBytes = 0
  #writtenBytes = 0
  #closed: Promise<void> | undefined
  #closeReason: string | undefined
  #endCause: Error | undefined
  #errorCode = 0

  constructor (init: SwarmConnInit) {
    this.id = init.id
    this.localPeer = init.localPeer
    this.remotePeer = init.remotePeer
    this.remotePublicKey = init.remotePublicKey
    this.localMultiaddr = init.localMultiaddr
    this.remoteMultiaddr = init.remoteMultiaddr
    this.limited = init.limited
    this.isRelayed = new AddrKind(init.remoteMultiaddr).isRelay
    this.direction = init.direction
    this.openedMs = init.owner.clock.wallMs()
    this.openedMonotonicMs = init.owner.clock.monotonicMs()
    this.#init = init
    this.#handlers = new RunningHandlers(init.owner.handlers)
  }

  get conn (): Conn {
    return this
  }

  get scope (): ConnScope {
    return this.#init.scope
  }

  get numStreams (): number {
    return this.#streams.size
  }

  connState (): ConnectionState {
    return { ...this.#init.state }
  }

  /** `extra` has `closeReason`, a sentence, once it has ended. */
  stat (): ConnStats {
    const { direction, openedMs, limited } = this
    const extra = this.#closeReason === undefined ? NOTHING : new Map([['closeReason', this.#closeReason]])
    return { direction, openedMs, limited, readBytes: this.#readBytes, writtenBytes: this.#writtenBytes, extra, numStreams: this.#streams.size }
  }

  streams (): Stream[] {
    return [...this.#streams]
  }

  isClosed (): boolean {
    return this.#closed !== undefined || this.#init.muxed.isClosed()
  }

  async newStream (options: NewStreamOptions = {}): Promise<Stream> {
    if (this.isClosed()) throw this.#closedError()
    if (this.limited && options.allowLimitedConn === undefined) throw new LimitedConnError(this.remotePeer)
    options.signal?.throwIfAborted()
    using undo = new DisposableStack()
    const scope = undo.use(this.#init.owner.resourceManager.openStream(this.remotePeer, 'outbound'))
    const muxed = await this.#init.muxed.openStream({ signal: options.signal })
    undo.defer(() => { muxed.abort(new ConnClosedError({ remote: false })) })
    if (this.isClosed()) throw this.#closedError()
    const stream = this.#add(muxed, 'outbound', scope)
    undo.move()
    return stream
  }

  /** Accepts streams until the connection ends. The swarm calls it once, after everybody has heard of the connection. */
  async acceptStreams (): Promise<void> {
    try {
      while (true) this.#accept(await this.#init.muxed.acceptStream())
    } catch (cause) {
      void this.#end(async () => {
        this.#init.muxed.abort(asError(cause))
      }, asError(cause))
    }
  }

  async close (): Promise<void> {
    await this.#handlersToo(this.#end(async () => { await this.#init.muxed.close() }))
  }

  async closeWithError (errorCode: number): Promise<void> {
    await this.#handlersToo(this.endWithError(errorCode))
  }

  /** Ends it with a code as `closeWithError` does, but waits for no handler: the swarm, which closes, waits for all at once. */
  async endWithError (errorCode: number): Promise<void> {
    await this.#end(async () => { await this.#init.muxed.closeWithError(errorCode) }, undefined, errorCode)
  }

  /** Ends it in this turn. */
  abort (cause: Error): void {
    void this.#end(async () => { this.#init.muxed.abort(cause) }, cause)
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }

  onRead (bytes: number): void {
    this.#readBytes += bytes
  }

  onWritten (bytes: number): void {
    this.#writtenBytes += bytes
  }

  onGone (stream: SwarmStream): void {
    this.#streams.delete(stream)
  }

  // With the code that it was closed with, here or by the remote.
  #closedError (): ConnClosedError {
    if (ConnClosedError.is(this.#endCause)) return this.#endCause
    return new ConnClosedError({ errorCode: this.#errorCode, remote: this.#closed === undefined, cause: this.#endCause })
  }

  // As long as an end may take, and not for the handler that it was called from.
  async #handlersToo (ended: Promise<void>): Promise<void> {
    this.#handlers.exceptCaller()
    await Promise.all([ended, this.#handlers.settled(this.#init.owner.clock, this.#init.owner.closeTimeoutMs)])
  }

  #accept (muxed: MuxedStream): void {
    if (this.#closed !== undefined) { // between its arrival and this turn: nobody would end it any more
      muxed.abort(this.#closedError())
      return
    }
    let stream: SwarmStream
    try {
      stream = this.#add(muxed, 'inbound', this.#init.owner.resourceManager.openStream(this.remotePeer, 'inbound'))
    } catch {
      muxed.resetWithError(StreamErrorCode.resourceLimitExceeded) // this stream alone: the connection goes on
      return
    }
    const release = stream.hold()
    void this.#handlers.run(async () => { await this.#init.owner.handle(stream) }).finally(release)
  }

  #add (muxed: MuxedStream, direction: 'inbound' | 'outbound', scope: SwarmStreamScope): SwarmStream {
    const stream = new SwarmStream({ id: `${this.id}-${++this.#streamCount}`, direction, muxed, scope, owner: this, openedMs: this.#init.owner.clock.wallMs() })
    this.#streams.add(stream)
    return stream
  }

  // Whatever ends it comes through here, once: scopes end in this turn, the wire follows.
  #end (endMuxed: () => Promise<void>, cause?: Error, errorCode = 0): Promise<void> {
    if (this.#closed !== undefined) return this.#closed
    this.#endCause = cause
    this.#errorCode = errorCode
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#closed = promise
    const { muxed, owner } = this.#init
    const timer = owner.clock.setTimeout(() => {
      muxed.abort(new ConnClosedError({ remote: false }))
      resolve()
    }, owner.closeTimeoutMs)
    const wire = endMuxed().catch(error => { muxed.abort(asError(error)) })
    for (const stream of this.#streams) stream.abort(cause ?? this.#closedError())
    this.#init.scope.done()
    this.#closeReason = cause === undefined ? 'closed here' : cause.message
    owner.onGone(this)
    void wire.finally(() => {
      timer[Symbol.dispose]()
      resolve()
    })
    return promise
  }
}

type SwarmStreamScope = ConstructorParameters<typeof SwarmStream>[0]['scope']

function asError (cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause), { cause })
}
