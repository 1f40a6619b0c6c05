import assert from 'node:assert/strict'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { ManualClock, samplePeer, turn } from '@weir/compliance'
import { type DialPeerOptions, type DialRanker, ResourceLimitExceededError } from '@weir/network'
import type { DialAddrOptions } from '../src/dial-addr.ts'
import { DialBackoff } from '../src/dial-backoff.ts'
import { DialError } from '../src/dial-errors.ts'
import { DialLimiter } from '../src/dial-limiter.ts'
import { DialWorker, type DialWorkerInit } from '../src/dial-worker.ts'
import type { SwarmConn } from '../src/swarm-conn.ts'

export const PEER = peerIdFromString(samplePeer(0).toString())

/** Port 1 is `/ip4/1.2.3.4/tcp/1`: a public address. */
export const addrAt = (port: number): Multiaddr => multiaddr(`/ip4/1.2.3.4/tcp/${port}`)
export const portOf = (addr: Multiaddr | string): number => Number(addr.toString().split('/')[4])

export type FakeConn = SwarmConn & { aborted: boolean, closed: boolean }

export function fakeConn (): FakeConn {
  const conn = { aborted: false, closed: false, abort () { conn.aborted = true }, isClosed: () => conn.closed }
  return conn as never
}

/** The address at place n is due after n times the step. */
export const stepRanker = (stepMs: number): DialRanker => addrs => addrs.map((addr, index) => ({ addr, delayMs: index * stepMs }))

/** A worker whose attempts do as the test says, address by address. */
export class ScriptedDials {
  readonly clock = new ManualClock()
  readonly limiter: DialLimiter
  readonly backoff = new DialBackoff(this.clock)
  /** Ports, in the order in which they were tried. */
  readonly started: number[] = []
  readonly aborted: number[] = []
  readonly options = new Map<number, DialAddrOptions>()
  readonly established: unknown[] = []
  /** Ports that the peer is known at. */
  ports: readonly number[]
  open: SwarmConn | undefined
  ended = 0
  worker: DialWorker
  readonly #init: Partial<DialWorkerInit>
  readonly #attempts = new Map<number, PromiseWithResolvers<SwarmConn>>()

  constructor (ports: readonly number[], init: Partial<DialWorkerInit> & { maxDialsPerPeer?: number, maxFdDials?: number } = {}) {
    const { maxDialsPerPeer = 8, maxFdDials = 160, ...rest } = init
    this.ports = ports
    this.limiter = new DialLimiter({ maxDialsPerPeer, maxFdDials })
    this.#init = rest
    this.worker = this.#worker()
  }

  /** Another worker, as when the first has ended. */
  again (): void {
    this.worker = this.#worker()
  }

  /** A caller, once his addresses are on their way. */
  async join (options: DialPeerOptions = {}): Promise<{ readonly result: Promise<SwarmConn> }> {
    const result = this.worker.join(options)
    result.catch(() => {})
    await turn()
    return { result }
  }

  async settle (port: number, outcome: SwarmConn | Error): Promise<void> {
    const attempt = this.#attempts.get(port)
    if (attempt === undefined) throw new Error(`${port} is not under way`)
    this.#attempts.delete(port)
    if (outcome instanceof Error) attempt.reject(outcome)
    else attempt.resolve(outcome)
    await turn()
  }

  get underWay (): number[] {
    return [...this.#attempts.keys()]
  }

  #worker (): DialWorker {
    return new DialWorker({
      peer: PEER,
      clock: this.clock,
      ranker: stepRanker(100),
      limiter: this.limiter,
      backoff: this.backoff,
      addrsForDial: async () => ({ addrs: this.ports.map(addrAt), refused: [] }),
      dialAddr: (addr, options) => this.#dial(portOf(addr), options),
      establish: conn => { this.established.push(conn) },
      openConn: () => this.open,
      onEnd: () => { this.ended++ },
      ...this.#init
    })
  }

  #dial (port: number, options: DialAddrOptions): Promise<SwarmConn> {
    const attempt = Promise.withResolvers<SwarmConn>()
    this.started.push(port)
    this.options.set(port, options)
    options.onCharged()
    options.signal.addEventListener('abort', () => {
      if (!this.#attempts.delete(port)) return
      this.aborted.push(port)
      attempt.reject(options.signal.reason)
    })
    this.#attempts.set(port, attempt)
    return attempt.promise
  }
}

export async function failureOf (result: Promise<unknown>): Promise<DialError> {
  const error = await result.then(() => assert.fail('the dial succeeded'), (error: unknown) => error)
  assert(DialError.is(error), String(error))
  return error
}

export const causes = (error: DialError): unknown[] => error.failures.map(({ addr, cause }) => [portOf(addr), cause instanceof Error ? cause.message : cause])

/** Nothing is under way or waits, no timer runs but the sweep of the back-off, and the worker is over. */
export function assertOver (dials: ScriptedDials, workers = 1): void {
  assert.deepEqual([dials.limiter.fdDials, dials.limiter.peers, dials.underWay, dials.ended], [0, 0, [], workers])
  dials.backoff.clear(PEER)
  assert.equal(dials.clock.pendingTimers, 0)
}

export function connLimit (scope: 'peer' | 'system' = 'peer'): ResourceLimitExceededError {
  return new ResourceLimitExceededError({ where: 'local', scope: scope === 'peer' ? { kind: 'peer', peer: PEER } : { kind: 'system' }, resource: 'connection', current: 8, attempted: 1, limit: 8 })
}
