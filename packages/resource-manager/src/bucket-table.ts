import { type IpAddress, subnetKey } from '@weir/network'
import { type Rate, TokenBucket } from './token-bucket.ts'

export interface BucketTableInit {
  readonly rate: Rate
  readonly prefixLength: number
  readonly nowMs: number
  /** How many subnets are remembered at least; never more than twice as many. */
  readonly maxBuckets: number
}

/**
 * A token bucket for each subnet of one size that came lately.
 *
 * In two generations: whoever comes moves to the newer one, and the older is dropped when its buckets are full again, all at
 * once and without looking at them. Nothing is forgotten before that, unless there are more subnets than `maxBuckets`: then
 * the oldest are, and have all their tokens again. What bounds those are the limits of all connections together.
 */
export class BucketTable {
  readonly prefixLength: number
  readonly #rate: Rate
  readonly #fullAfterMs: number
  readonly #maxBuckets: number
  #newer = new Map<number | bigint, TokenBucket>()
  #older = new Map<number | bigint, TokenBucket>()
  #turnedAtMs: number

  constructor ({ rate, prefixLength, nowMs, maxBuckets }: BucketTableInit) {
    this.prefixLength = prefixLength
    this.#rate = rate
    this.#fullAfterMs = rate.burst / rate.perSecond * 1_000
    this.#maxBuckets = maxBuckets
    this.#turnedAtMs = nowMs
  }

  /** How many subnets are remembered. */
  get size (): number {
    return this.#newer.size + this.#older.size
  }

  /** The bucket of the subnet that an address is in. */
  of (address: IpAddress, nowMs: number): TokenBucket {
    const sinceMs = nowMs - this.#turnedAtMs
    if (sinceMs >= this.#fullAfterMs) {
      this.#turn(nowMs)
      if (sinceMs >= 2 * this.#fullAfterMs) this.#older.clear()
    }
    const key = subnetKey(address, this.prefixLength)
    const known = this.#newer.get(key)
    if (known !== undefined) return known
    const bucket = this.#older.get(key) ?? new TokenBucket(this.#rate, nowMs)
    this.#older.delete(key)
    if (this.#newer.size >= this.#maxBuckets) this.#turn(nowMs)
    this.#newer.set(key, bucket)
    return bucket
  }

  #turn (nowMs: number): void {
    this.#older = this.#newer
    this.#newer = new Map()
    this.#turnedAtMs = nowMs
  }
}
