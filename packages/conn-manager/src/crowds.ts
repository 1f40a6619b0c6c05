interface Crowd {
  numConns: number
}

/** Connections by the part of the net that they lead to. */
export class Crowds {
  readonly #byGroup = new Map<string, Crowd>()

  /** @returns how many the group has now */
  count (group: string, more: number): number {
    let crowd = this.#byGroup.get(group)
    if (crowd === undefined) {
      crowd = { numConns: 0 }
      this.#byGroup.set(group, crowd)
    }
    crowd.numConns += more
    return crowd.numConns
  }
}
