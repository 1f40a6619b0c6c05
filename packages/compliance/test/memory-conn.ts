import type { Multiaddr } from '@multiformats/multiaddr'
import { type Clock, type Conn, ConnClosedError, type ConnManagementScope, type ConnStats, type Direction, type NewStreamOptions, type PeerRef, type ResourceManager, type Stream } from '@weir/network'
import { turn } from '../src/index.ts'
import { MemoryStream } from './memory-stream.ts'
import type { NetworkMutant } from './network-mutant.ts'

/** What a connection asks of its network. */
export interface ConnOwner {
  readonly localPeer: PeerRef
  readonly resourceManager: ResourceManager
  readonly clock: Clock
  readonly broken: ReadonlySet<NetworkMutant>
  nextId (): number
  handle (stream: Stream): Promise<void>
  gone (conn: MemoryConn): void
}

/** One end of a connection whose two ends are in one process. */
export class MemoryConn implements Conn {
  readonly localPeer: PeerRef
  readonly remotePeer: PeerRef
  readonly remotePublicKey = Object.freeze({}) as Conn['remotePublicKey']
  readonly localMultiaddr: Multiaddr
  readonly remoteMultiaddr: Multiaddr
  readonly id: string
  readonly scope: ConnManagementScope
  other: MemoryConn | undefined
  readonly #network: ConnOwner
  readonly #direction: Direction
  readonly #streams = new Set<MemoryStream>()
  readonly #bytes = { readBytes: 0, writtenBytes: 0 }
  #closed = false
  #count = 0

  constructor (network: ConnOwner, remotePeer: PeerRef, direction: Direction, addr: Multiaddr, scope: ConnManagementScope) {
    this.#network = network
    this.#direction = direction
    this.localPeer = network.localPeer
    this.remotePeer = remotePeer
    this.localMultiaddr = this.remoteMultiaddr = addr
    this.scope = scope
    this.id = `${network.localPeer}-${network.nextId()}`
  }

  connState (): ReturnType<Conn['connState']> {
    return { streamMultiplexer: '/memory', security: '', transport: 'memory', usedEarlyMuxerNegotiation: false }
  }

  stat (): ConnStats {
    return { direction: this.#direction, openedMs: 0, limited: false, ...this.#bytes, extra: new Map(), numStreams: this.#streams.size }
  }

  streams (): Stream[] {
    return [...this.#streams]
  }

  isClosed (): boolean {
    return this.#closed
  }

  async newStream (options: NewStreamOptions = {}): Promise<Stream> {
    options.signal?.throwIfAborted()
    if (this.#closed || this.other === undefined) throw new ConnClosedError({ remote: false })
    const near = this.#add('outbound')
    const { other } = this
    let far: MemoryStream
    try {
      far = other.#add('inbound')
    } catch {
      near.abort(new Error('refused'))
      return near
    }
    MemoryStream.join(near, far)
    void other.#network.handle(far)
    return near
  }

  async close (): Promise<void> {
    if (this.#closed) {
      if (this.#network.broken.has('throws twice')) throw new Error('closed already')
      return
    }
    this.#closed = true
    for (const stream of this.#streams) stream.abort(new ConnClosedError({ remote: false }))
    if (!this.#network.broken.has('conn scopes leak')) this.scope.done()
    this.#network.gone(this)
    await turn()
    await this.other?.close()
  }

  async closeWithError (_errorCode: number): Promise<void> {
    await this.close()
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    await this.close()
  }

  #add (direction: Direction): MemoryStream {
    const { broken, clock, resourceManager } = this.#network
    const stream = new MemoryStream({
      id: `${this.id}-${++this.#count}`,
      conn: this,
      direction,
      clock,
      broken,
      scope: resourceManager.openStream(this.remotePeer, direction),
      onBytes: (read, written) => {
        this.#bytes.readBytes += broken.has('no bytes counted') ? 0 : read
        this.#bytes.writtenBytes += written
      },
      onGone: gone => { if (!broken.has('streams stay listed')) this.#streams.delete(gone) }
    })
    this.#streams.add(stream)
    return stream
  }
}
