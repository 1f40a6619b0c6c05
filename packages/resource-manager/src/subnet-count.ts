import type { LocalRefusal, ScopeId } from '@weir/network'

export interface SubnetCountInit {
  readonly limit: number
  /** The count of the wider subnet around this one, which counts too. */
  readonly parent: SubnetCount | undefined
  /** The subnet's text, asked for when it refuses. */
  readonly prefix: () => string
  readonly hint: string
  /** The table that it is in while it has connections. */
  readonly table: Map<number | bigint, SubnetCount>
  readonly key: number | bigint
}

/** How many connections a subnet has, and those around it. It is kept only while there are some. */
export class SubnetCount {
  readonly #init: SubnetCountInit
  #id: ScopeId | undefined
  #conns = 0

  constructor (init: SubnetCountInit) {
    this.#init = init
  }

  /** Why there is no room for one more, here or in a wider subnet. */
  refusal (): LocalRefusal | undefined {
    const { limit, parent, hint } = this.#init
    if (this.#conns + 1 <= limit) return parent?.refusal()
    this.#id ??= { kind: 'subnet', prefix: this.#init.prefix() }
    return { where: 'local', scope: this.#id, resource: 'connection', current: this.#conns, attempted: 1, limit, hint }
  }

  enter (): void {
    const { parent, table, key } = this.#init
    parent?.enter()
    if (++this.#conns === 1) table.set(key, this)
  }

  leave (): void {
    const { parent, table, key } = this.#init
    if (--this.#conns === 0) table.delete(key)
    parent?.leave()
  }
}
