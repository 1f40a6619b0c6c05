const SEGMENTS = 256

/**
 * A map by text, in parts: a single one with 100,000 entries stands still for milliseconds whenever it grows or cleans up.
 *
 * @see reference/go-libp2p.md 3.1, "Segments"
 */
export class SegmentedMap<V> {
  readonly #segments: Map<string, V>[] = Array.from({ length: SEGMENTS }, () => new Map())
  #size = 0

  get size (): number {
    return this.#size
  }

  get (key: string): V | undefined {
    return this.#segment(key).get(key)
  }

  set (key: string, value: V): void {
    const segment = this.#segment(key)
    const before = segment.size
    segment.set(key, value)
    this.#size += segment.size - before
  }

  delete (key: string): boolean {
    const deleted = this.#segment(key).delete(key)
    if (deleted) this.#size--
    return deleted
  }

  /** In no promised order. With a callback, because that is several times as fast as an iterator over many maps. */
  visit (onValue: (value: V) => void): void {
    for (const segment of this.#segments) {
      for (const value of segment.values()) onValue(value)
    }
  }

  // The end of a key differs from peer to peer; its beginning names the kind of key.
  #segment (key: string): Map<string, V> {
    const { length } = key
    const index = length === 0 ? 0 : (key.charCodeAt(length - 1) * 31 + (length === 1 ? 0 : key.charCodeAt(length - 2))) % SEGMENTS
    return this.#segments[index] as Map<string, V>
  }
}
