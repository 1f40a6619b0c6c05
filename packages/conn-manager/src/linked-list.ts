/** What stands in at most one `LinkedList` at a time. */
export abstract class ListNode<T> {
  list: { delete (node: T): boolean } | undefined
  prevNode: T | undefined
  nextNode: T | undefined
}

/**
 * Values in the order in which they were appended. Everything is done in constant time, however many there are: unlike a
 * `Set`, it never rebuilds itself.
 */
export class LinkedList<T extends ListNode<T>> {
  #first: T | undefined
  #last: T | undefined
  #size = 0

  get first (): T | undefined {
    return this.#first
  }

  get size (): number {
    return this.#size
  }

  /** Appends, or moves to the end. What stands in another list has to be taken from there first. */
  append (node: T): void {
    if (node.list !== undefined) this.delete(node)
    node.list = this
    node.prevNode = this.#last
    if (this.#last === undefined) this.#first = node
    else this.#last.nextNode = node
    this.#last = node
    this.#size++
  }

  /** @returns whether it stood in this list */
  delete (node: T): boolean {
    if (node.list !== this) return false
    const { prevNode, nextNode } = node
    if (prevNode === undefined) this.#first = nextNode
    else prevNode.nextNode = nextNode
    if (nextNode === undefined) this.#last = prevNode
    else nextNode.prevNode = prevNode
    node.list = node.prevNode = node.nextNode = undefined
    this.#size--
    return true
  }

  /** First to last. The one that was just given out may be deleted meanwhile, no other. */
  * [Symbol.iterator] (): Generator<T, void, undefined> {
    for (let node = this.#first; node !== undefined;) {
      const { nextNode } = node
      yield node
      node = nextNode
    }
  }
}
