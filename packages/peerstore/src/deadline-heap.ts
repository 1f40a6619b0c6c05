/** A place in one heap, which belongs to one item for good. */
export interface HeapNode<T> {
  readonly item: T
  /** Only the heap writes these. */
  atMs: number
  /** Where it stands in the heap; -1 when it does not. */
  index: number
}

export function heapNode<T> (item: T): HeapNode<T> {
  return { item, atMs: 0, index: -1 }
}

/**
 * Gives the item whose time comes first; times may change, items may leave from the middle. Each operation but `top` takes
 * logarithmic time. Of equal times, any may be first.
 */
export class DeadlineHeap<T> {
  readonly #nodes: HeapNode<T>[] = []

  get top (): HeapNode<T> | undefined {
    return this.#nodes[0]
  }

  /** Puts the node in, or moves it. */
  set (node: HeapNode<T>, atMs: number): void {
    node.atMs = atMs
    if (node.index === -1) {
      node.index = this.#nodes.length
      this.#nodes.push(node)
    }
    this.#up(node)
    this.#down(node)
  }

  /** Takes the node out; harmless when it is not in. */
  delete (node: HeapNode<T>): void {
    if (node.index === -1) return
    const last = this.#nodes.pop()
    if (last !== undefined && last !== node) {
      this.#place(last, node.index)
      this.#up(last)
      this.#down(last)
    }
    node.index = -1
  }

  #place (node: HeapNode<T>, index: number): void {
    this.#nodes[index] = node
    node.index = index
  }

  #up (node: HeapNode<T>): void {
    while (node.index > 0) {
      const parent = this.#nodes[node.index - 1 >> 1]
      if (parent === undefined || parent.atMs <= node.atMs) return
      this.#swap(parent, node)
    }
  }

  #down (node: HeapNode<T>): void {
    for (;;) {
      const left = this.#nodes[2 * node.index + 1]
      const right = this.#nodes[2 * node.index + 2]
      const child = right !== undefined && left !== undefined && right.atMs < left.atMs ? right : left
      if (child === undefined || child.atMs >= node.atMs) return
      this.#swap(node, child)
    }
  }

  #swap (upper: HeapNode<T>, lower: HeapNode<T>): void {
    const index = upper.index
    this.#place(upper, lower.index)
    this.#place(lower, index)
  }
}
