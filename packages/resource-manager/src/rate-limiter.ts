import { type Clock, type IpAddress, type LocalRefusal, parseSubnet, type Subnet, subnetHas, subnetOf, subnetText } from '@weir/network'
import { BucketTable } from './bucket-table.ts'
import type { RateLimits } from './rate-limits.ts'
import { rateRefusal } from './rate-refusal.ts'
import { TokenBucket } from './token-bucket.ts'

export interface RateLimiterInit {
  readonly limits: Pick<RateLimits, 'v4' | 'v6' | 'networks' | 'conns'>
  readonly clock: Clock
  /** Of each size of subnets. */
  readonly maxBuckets: number
}

interface NetworkBucket {
  readonly subnet: Subnet
  readonly bucket: TokenBucket
}

/**
 * Bounds how fast connections come: by network, by subnet, and all together.
 *
 * Networks decide alone where one matches. A token is taken everywhere or nowhere.
 *
 * @see reference/go-libp2p.md 2.9
 */
export class RateLimiter {
  /** Whether there is no rate at all, so that no address has to be looked at. */
  readonly isEmpty: boolean
  readonly #clock: Clock
  readonly #networks: readonly NetworkBucket[]
  readonly #v4: readonly BucketTable[]
  readonly #v6: readonly BucketTable[]
  readonly #all: TokenBucket | undefined

  constructor ({ limits: { v4, v6, networks, conns }, clock, maxBuckets }: RateLimiterInit) {
    const nowMs = clock.monotonicMs()
    const tables = (rates: typeof v4): BucketTable[] => rates.filter(({ perSecond }) => perSecond !== Infinity)
      .map(({ prefixLength, ...rate }) => new BucketTable({ rate, prefixLength, nowMs, maxBuckets })).sort((a, b) => b.prefixLength - a.prefixLength)
    this.#clock = clock
    this.#v4 = tables(v4)
    this.#v6 = tables(v6)
    this.#networks = networks.map(({ network, ...rate }) => ({ subnet: parseSubnet(network), bucket: new TokenBucket(rate, nowMs) }))
      .sort((a, b) => b.subnet.prefixLength - a.subnet.prefixLength)
    this.#all = conns.perSecond === Infinity ? undefined : new TokenBucket(conns, nowMs)
    this.isEmpty = this.#all === undefined && this.#v4.length === 0 && this.#v6.length === 0 && networks.every(({ perSecond }) => perSecond === Infinity)
  }

  /** How many subnets are remembered, of all sizes together. */
  get numBuckets (): number {
    return [...this.#v4, ...this.#v6].reduce((sum, { size }) => sum + size, 0)
  }

  /** Takes a token for one connection, or says why there is none. */
  take (address: IpAddress | undefined): LocalRefusal | undefined {
    const nowMs = this.#clock.monotonicMs()
    if (address === undefined) return this.#takeOfAll(nowMs)
    let matches = false
    for (const { subnet, bucket } of this.#networks) {
      if (!subnetHas(subnet, address)) continue
      matches = true
      if (!bucket.has(nowMs)) return rateRefusal(bucket, nowMs, { kind: 'rate', prefix: subnetText(subnet) }, undefined, 'its rate in rateLimits.networks')
    }
    if (!matches) return this.#takeAt(address.version === 4 ? this.#v4 : this.#v6, 0, address, nowMs)
    for (const { subnet, bucket } of this.#networks) {
      if (subnetHas(subnet, address)) bucket.take()
    }
    return undefined
  }

  // From the finest size to the widest and on to the rate of all; tokens are taken on the way back.
  #takeAt (tables: readonly BucketTable[], at: number, address: IpAddress, nowMs: number): LocalRefusal | undefined {
    const table = tables[at]
    if (table === undefined) return this.#takeOfAll(nowMs)
    const bucket = table.of(address, nowMs)
    if (!bucket.has(nowMs)) {
      return rateRefusal(bucket, nowMs, { kind: 'rate', prefix: subnetText(subnetOf(address, table.prefixLength)) }, undefined, `rateLimits.v${address.version}, or put the address on the allowlist`)
    }
    const refusal = this.#takeAt(tables, at + 1, address, nowMs)
    if (refusal === undefined) bucket.take()
    return refusal
  }

  #takeOfAll (nowMs: number): LocalRefusal | undefined {
    const bucket = this.#all
    if (bucket === undefined) return undefined
    if (!bucket.has(nowMs)) return rateRefusal(bucket, nowMs, { kind: 'rate', prefix: 'all connections' }, undefined, 'rateLimits.conns')
    bucket.take()
    return undefined
  }
}
