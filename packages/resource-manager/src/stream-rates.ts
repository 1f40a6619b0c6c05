import type { Clock, LocalRefusal, ProtocolID, ScopeId } from '@weir/network'
import type { RateLimits } from './rate-limits.ts'
import { rateRefusal } from './rate-refusal.ts'
import { type Rate, TokenBucket } from './token-bucket.ts'

/** A scope with a rate of its own. */
interface Rated {
  readonly id: ScopeId
  readonly streamRate: TokenBucket | undefined
}

/**
 * Bounds how fast streams come: opening and closing them is work, however few are open at a time.
 *
 * The buckets live in the scopes of peers and protocols, and go with them, but not before they are full again, unless too many
 * scopes are idle. Those of protocols that the limits name stay for good: they are as many as somebody wrote down.
 */
export class StreamRates {
  readonly #clock: Clock
  readonly #limits: Pick<RateLimits, 'peerStreams' | 'protocolStreams'>
  readonly #named: ReadonlyMap<ProtocolID, TokenBucket | undefined>

  constructor (limits: Pick<RateLimits, 'peerStreams' | 'protocolStreams' | 'protocols'>, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
    this.#named = new Map(Array.from(limits.protocols, ([id, rate]) => [id, this.#bucket(rate)]))
  }

  ofPeer (): TokenBucket | undefined {
    return this.#bucket(this.#limits.peerStreams)
  }

  ofProtocol (id: ProtocolID): TokenBucket | undefined {
    return this.#named.has(id) ? this.#named.get(id) : this.#bucket(this.#limits.protocolStreams)
  }

  /** Takes a token for one inbound stream, or says why there is none. */
  take (rated: Rated): LocalRefusal | undefined {
    const { streamRate } = rated
    if (streamRate === undefined) return undefined
    const nowMs = this.#clock.monotonicMs()
    if (!streamRate.has(nowMs)) {
      const { id } = rated // made when it is asked for
      return rateRefusal(streamRate, nowMs, id, 'inbound', id.kind === 'peer' ? 'rateLimits.peerStreams' : 'rateLimits.protocolStreams or its entry in rateLimits.protocols')
    }
    streamRate.take()
    return undefined
  }

  #bucket (rate: Rate): TokenBucket | undefined {
    return rate.perSecond === Infinity ? undefined : new TokenBucket(rate, this.#clock.monotonicMs())
  }
}
