/** How many connections each subnet of a size may have. */
export interface SubnetConnLimit {
  /** 0..32 for version 4, 0..128 for version 6. */
  readonly prefixLength: number
  /** `Infinity` is no limit, 0 blocks. */
  readonly conns: number
}

/** How many connections one network may have. Decides alone: the limits per subnet do not count inside it. */
export interface NetworkConnLimit {
  /** Such as `10.0.0.0/8`. */
  readonly network: string
  readonly conns: number
}

/**
 * Connections by where they come from or go to, both directions together. Version 4 written as version 6 counts as version 4.
 *
 * What is left out has its default; an empty list clears it.
 *
 * @see reference/go-libp2p.md 2.9
 */
export interface SubnetLimits {
  /** Every size must have room. */
  readonly v4: readonly SubnetConnLimit[]
  readonly v6: readonly SubnetConnLimit[]
  /** The most specific network that matches decides. */
  readonly networks: readonly NetworkConnLimit[]
}
