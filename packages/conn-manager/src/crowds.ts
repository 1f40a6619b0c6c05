interface Crowd {
  numConns: number
}

/** Connections by the part of the net that they lead to. */
export class Crowds {
  readonly #byGroup = new Map<string, Crowd>()

  /** @returns how many the group has now */
  count (group: string, more: number): number {
    const crowd = this.#byGroup.get(group)
    if (crowd !== undefined) return crowd.numConns += more
    this.#byGroup.set(group, { numConns: more })
    return more
  }
}
