import { type IpAddress, type LocalRefusal, type ScopeId, subnetOf, subnetText } from '@weir/network'

/** A limit on subnets of one size, or on one network, and the counts of those that have connections. */
export interface SubnetLevel {
  readonly prefixLength: number
  readonly conns: number
  /** Which option to change. */
  readonly hint: string
  readonly counts: Map<number | bigint, SubnetCount>
}

/** How many connections a subnet has, and those around it. It is in its table only while there are some. */
export class SubnetCount {
  readonly #level: SubnetLevel
  readonly #key: number | bigint
  // Any address in it: its name is made of it when it refuses.
  readonly #address: IpAddress
  readonly #parent: SubnetCount | undefined
  #id: ScopeId | undefined
  #conns = 0

  /** @param parent - the count of the wider subnet around this one, which counts too */
  constructor (level: SubnetLevel, key: number | bigint, address: IpAddress, parent: SubnetCount | undefined) {
    this.#level = level
    this.#key = key
    this.#address = address
    this.#parent = parent
  }

  /** Why there is no room for one more, here or in a wider subnet. */
  refusal (): LocalRefusal | undefined {
    const { conns: limit, prefixLength, hint } = this.#level
    if (this.#conns + 1 <= limit) return this.#parent?.refusal()
    this.#id ??= { kind: 'subnet', prefix: subnetText(subnetOf(this.#address, prefixLength)) }
    return { where: 'local', scope: this.#id, resource: 'connection', current: this.#conns, attempted: 1, limit, hint }
  }

  enter (): void {
    this.#parent?.enter()
    if (++this.#conns === 1) this.#level.counts.set(this.#key, this)
  }

  leave (): void {
    if (--this.#conns === 0) this.#level.counts.delete(this.#key)
    this.#parent?.leave()
  }
}
