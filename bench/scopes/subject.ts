import { multiaddr } from '@multiformats/multiaddr'
import { type Clock, type ConnManagementScope, type PeerRef, ReservationPriority, ResourceLimitExceededError, type ResourceManager, type StreamManagementScope } from '@weir/network'
import { baseLimit, createResourceManager, type Limit, type Limiter, NO_RATE_LIMITS, NO_SUBNET_LIMITS } from '@weir/resource-manager'
import type { Operation, Peers } from './rows.ts'

// The same numbers are in ../go/subject.go.
const PROTOCOL = '/weir/bench/1.0.0'
const SERVICE = 'bench'
const STRANGERS = 100_000
const OPEN_STREAMS = 1_000
const STRIDE = 7_919
const BYTES = 4_096
const COUNT = 1_000_000_000
const MEMORY_BYTES = 2 ** 50

// Limits that nothing here reaches; not `Infinity`, which would be no comparison in Go.
const ENOUGH = baseLimit({ memoryBytes: MEMORY_BYTES, streams: COUNT, streamsInbound: COUNT, streamsOutbound: COUNT, conns: COUNT, connsInbound: COUNT, connsOutbound: COUNT, fd: COUNT })
const NONE = baseLimit({})
const BLOCKED = 'blocked'

/** An identity with its text made before, as the contract of `PeerRef` asks. */
class BenchPeerRef implements PeerRef {
  readonly type: string
  readonly #text: string

  constructor (type: string, index: number) {
    this.type = type
    const text = Buffer.from(`${type} ${Math.imul(index, 0x9e3779b1) >>> 0}`).toString('hex')
    // Out of a buffer, so that it is one piece in memory, as Go's are.
    this.#text = Buffer.from(`12D3KooW${text.padStart(44, '1')}`).toString('latin1')
  }

  toString (): string {
    return this.#text
  }
}

function peersOf (type: string, count: number): PeerRef[] {
  return Array.from({ length: count }, (_, index) => new BenchPeerRef(type, index))
}

function limiter (): Limiter {
  const enough = (): Limit => ENOUGH
  return {
    systemLimits: enough,
    transientLimits: enough,
    allowlistedSystemLimits: enough,
    allowlistedTransientLimits: enough,
    serviceLimits: enough,
    servicePeerLimits: enough,
    protocolLimits: enough,
    protocolPeerLimits: enough,
    peerLimits: peer => peer.type === BLOCKED ? NONE : ENOUGH,
    streamLimits: enough,
    connLimits: enough
  }
}

/** A manager with its live scopes, and the peers that the operations are for. */
export class Subject implements AsyncDisposable {
  readonly manager: ResourceManager
  readonly #endpoint = multiaddr('/ip4/192.0.2.1/tcp/4001')
  readonly #one: readonly PeerRef[] = peersOf('alone', 1)
  readonly #strangers: readonly PeerRef[] = peersOf('stranger', STRANGERS)
  readonly #living: readonly PeerRef[]
  readonly #blocked: readonly PeerRef[] = peersOf(BLOCKED, STRANGERS)
  readonly #streams: readonly StreamManagementScope[]
  readonly #held: Disposable[] = []
  #sweep = (): void => {}

  /** @param live - how many scopes of connections and streams are open meanwhile, besides a few thousand */
  constructor (live: number) {
    // Time stands still: scopes are collected when as many as the manager lets lie about are idle, and when `collect` says so.
    const clock: Clock = {
      monotonicMs: () => 0,
      wallMs: () => 0,
      setTimeout: sweep => {
        this.#sweep = sweep
        return { [Symbol.dispose]: () => { this.#sweep = () => {} } }
      }
    }
    this.manager = createResourceManager({ limits: limiter(), rateLimits: NO_RATE_LIMITS, subnetLimits: NO_SUBNET_LIMITS, clock })
    this.#living = peersOf('living', Math.floor(live / 2))
    for (const peer of [...this.#one, ...this.#living]) this.#held.push(this.#openConn(peer), this.#openStream(peer))
    this.#streams = peersOf('holder', OPEN_STREAMS).map(peer => this.#openStream(peer))
    this.#held.push(...this.#streams)
  }

  /** Collects what is idle. */
  collect (): void {
    this.#sweep()
  }

  /** @throws {RangeError} when there are no such peers */
  operation (name: Operation, peers: Peers): (index: number) => void {
    const [refs, streams] = { one: [this.#one, this.#streams.slice(0, 1)], random: [this.#strangers, this.#streams], live: [this.#living, this.#streams] }[peers] as [PeerRef[], StreamManagementScope[]]
    if (refs.length === 0) throw new RangeError('there are no live scopes')
    switch (name) {
      case 'conn': return index => { this.#openConn(pick(refs, index)).done() }
      case 'stream': return index => { this.#openStream(pick(refs, index)).done() }
      case 'reserve': return index => {
        const stream = pick(streams, index)
        stream.reserveMemory(BYTES, ReservationPriority.always)
        stream.releaseMemory(BYTES)
      }
      case 'span': return index => {
        const span = pick(streams, index).beginSpan()
        span.reserveMemory(BYTES, ReservationPriority.always)
        span.done()
      }
      case 'refusal': {
        const blocked = peers === 'one' ? this.#blocked.slice(0, 1) : this.#blocked
        return index => { this.#refused(pick(blocked, index)) }
      }
    }
  }

  async [Symbol.asyncDispose] (): Promise<void> {
    for (const scope of this.#held.splice(0)) scope[Symbol.dispose]()
    this.collect()
    await this.manager.close()
  }

  #openConn (peer: PeerRef): ConnManagementScope {
    const conn = this.manager.openConnection('inbound', true, this.#endpoint)
    conn.setPeer(peer)
    return conn
  }

  #openStream (peer: PeerRef): StreamManagementScope {
    const stream = this.manager.openStream(peer, 'inbound')
    stream.setProtocol(PROTOCOL)
    stream.setService(SERVICE)
    return stream
  }

  #refused (peer: PeerRef): void {
    try {
      this.manager.openStream(peer, 'inbound')
    } catch (error) {
      if (ResourceLimitExceededError.is(error)) return
      throw error
    }
    throw new Error('not refused')
  }
}

function pick<T> (all: readonly T[], index: number): T {
  return all[index * STRIDE % all.length] as T
}
