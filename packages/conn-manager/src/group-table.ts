import { LinkedList, ListNode } from './linked-list.ts'
import type { ConnEntry } from './peer-entry.ts'
import { SegmentedMap } from './segmented-map.ts'

/** The inbound connections from one part of the net, the oldest first. */
export class Group extends ListNode<Group> {
  readonly key: string
  readonly conns: LinkedList<ConnEntry> = new LinkedList()

  constructor (key: string) {
    super()
    this.key = key
  }

  get size (): number {
    return this.conns.size
  }
}

/** The inbound connections by the part of the net that they come from, and these by their size. All in constant time. */
export class GroupTable {
  readonly #groups = new SegmentedMap<Group>()
  /** By size. */
  readonly #bySize: LinkedList<Group>[] = []

  get largestSize (): number {
    return this.#bySize.length - 1
  }

  get (key: string): Group | undefined {
    return this.#groups.get(key)
  }

  ofSize (size: number): Iterable<Group> {
    return this.#bySize[size] ?? []
  }

  add (conn: ConnEntry): void {
    let group = this.#groups.get(conn.group)
    if (group === undefined) {
      group = new Group(conn.group)
      this.#groups.set(conn.group, group)
    }
    group.conns.append(conn)
    this.#place(group)
  }

  delete (conn: ConnEntry): void {
    const group = this.#groups.get(conn.group)
    if (group?.conns.delete(conn) !== true) return
    if (group.size === 0) this.#groups.delete(group.key)
    this.#place(group)
  }

  #place (group: Group): void {
    group.list?.delete(group)
    if (group.size > 0) {
      while (this.#bySize.length <= group.size) this.#bySize.push(new LinkedList())
      this.#bySize[group.size]?.append(group)
    }
    while (this.#bySize.at(-1)?.size === 0) this.#bySize.pop()
  }
}
