import { DialPriority } from '@weir/network'

/** One address that is to be dialled. */
export interface DialJob {
  readonly peer: string
  /** Whether it takes a file descriptor of its own. */
  readonly usesFd: boolean
  readonly priority: DialPriority
  /** Called once, when there is room: in the turn in which it asked, or in that of the end that made room. Must not throw. */
  run (): void
}

/** The place of a job: disposing gives it back at once, whether the job waits or runs. */
export interface DialTicket extends Disposable {
  raise (priority: DialPriority): void
}

interface Peer {
  active: number
  readonly waiting: Set<Entry>
}

interface Entry {
  readonly job: DialJob
  priority: DialPriority
  state: 'peer' | 'fd' | 'ready' | 'done'
}

/**
 * How many dials run at the same time: some of each peer, and of all together those that take a file descriptor. Who asks first
 * goes first, but `user` before `background`.
 *
 * It holds no more than it is asked for: who asks is bounded himself.
 *
 * @see reference/go-libp2p.md 5.2, step 6
 */
export class DialLimiter {
  readonly #maxFdDials: number
  readonly #maxDialsPerPeer: number
  readonly #peers = new Map<string, Peer>()
  readonly #waitingForFd: Readonly<Record<DialPriority, Set<Entry>>> = { [DialPriority.user]: new Set(), [DialPriority.background]: new Set() }
  readonly #ready: Entry[] = []
  #fdDials = 0
  #draining = false

  constructor ({ maxFdDials, maxDialsPerPeer }: { readonly maxFdDials: number, readonly maxDialsPerPeer: number }) {
    this.#maxFdDials = maxFdDials
    this.#maxDialsPerPeer = maxDialsPerPeer
  }

  /** Dials under way that take a file descriptor. */
  get fdDials (): number {
    return this.#fdDials
  }

  /** Peers of which a dial waits or runs. */
  get peers (): number {
    return this.#peers.size
  }

  add (job: DialJob): DialTicket {
    const entry: Entry = { job, priority: job.priority, state: 'peer' }
    const peer = this.#peers.get(job.peer) ?? { active: 0, waiting: new Set() }
    this.#peers.set(job.peer, peer)
    peer.waiting.add(entry)
    this.#admitOf(job.peer, peer)
    this.#drain()
    return {
      raise: priority => { this.#raise(entry, priority) },
      [Symbol.dispose]: () => { this.#end(entry) }
    }
  }

  #raise (entry: Entry, priority: DialPriority): void {
    if (entry.state === 'fd' && this.#waitingForFd[entry.priority].delete(entry)) this.#waitingForFd[priority].add(entry)
    entry.priority = priority
  }

  #admitOf (key: string, peer: Peer): void {
    for (const entry of peer.waiting) {
      if (peer.active >= this.#maxDialsPerPeer) break
      peer.waiting.delete(entry)
      peer.active++
      entry.state = 'fd'
      if (entry.job.usesFd) this.#waitingForFd[entry.priority].add(entry)
      else this.#makeReady(entry)
    }
    if (peer.active === 0) this.#peers.delete(key)
    this.#admitFds()
  }

  #admitFds (): void {
    for (const waiting of [this.#waitingForFd.user, this.#waitingForFd.background]) {
      for (const entry of waiting) {
        if (this.#fdDials >= this.#maxFdDials) return
        waiting.delete(entry)
        this.#fdDials++
        this.#makeReady(entry)
      }
    }
  }

  #makeReady (entry: Entry): void {
    entry.state = 'ready'
    this.#ready.push(entry)
  }

  // Not from within each other: a row of jobs that end at once would else be as deep as it is long.
  #drain (): void {
    if (this.#draining) return
    this.#draining = true
    for (let entry = this.#ready.shift(); entry !== undefined; entry = this.#ready.shift()) {
      if (entry.state === 'ready') entry.job.run()
    }
    this.#draining = false
  }

  #end (entry: Entry): void {
    const { state, job: { peer: key, usesFd } } = entry
    const peer = this.#peers.get(key)
    if (state === 'done' || peer === undefined) return
    entry.state = 'done'
    peer.waiting.delete(entry)
    this.#waitingForFd[entry.priority].delete(entry)
    if (state === 'ready' && usesFd) this.#fdDials--
    if (state !== 'peer') peer.active--
    this.#admitOf(key, peer)
    this.#drain()
  }
}
