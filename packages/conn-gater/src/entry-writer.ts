import type { Clock } from '@weir/network'
import type { BoundedMap } from './bounded-map.ts'
import type { BasicGaterLimits } from './defaults.ts'
import { type Entry, isOver } from './entry.ts'
import { encodeEntry } from './entry-codec.ts'
import { datastoreKey } from './entry-key.ts'
import { GaterClosedError, GaterWriteError, GaterWriteTimeoutError } from './errors.ts'
import type { GaterDatastore } from './gater-datastore.ts'
import { KeyedQueue } from './keyed-queue.ts'

export interface EntryWriterInit {
  readonly datastore: GaterDatastore
  readonly clock: Clock
  readonly limits: BasicGaterLimits
  /** Told of each entry that has an end. */
  readonly onEnding: () => void
}

/**
 * Changes lists: the datastore first, then memory, so that what was acknowledged is there after a crash. Changes of one entry are made
 * one after another. Automatic entries are not written: they are in force when `put` returns, before its promise resolves.
 */
export class EntryWriter {
  readonly #init: EntryWriterInit
  readonly #queue = new KeyedQueue()
  #closed = false

  constructor (init: EntryWriterInit) {
    this.#init = init
  }

  get pending (): number {
    return this.#queue.pending
  }

  /** @returns false when it left an operator's entry as it was, for a policy's has less weight */
  async put<K> (map: BoundedMap<K>, key: K, entry: Entry, signal: AbortSignal | undefined): Promise<boolean> {
    const path = map.pathOf(key)
    return await this.#change(path, signal, async () => {
      if (entry.kind === 'automatic' && map.live(key)?.kind === 'manual') return false
      using _place = map.reserve(key)
      if (entry.kind === 'manual') await this.#write(path, () => this.#init.datastore.put(datastoreKey(path), encodeEntry(entry)))
      map.set(key, entry)
      if (entry.untilMs !== Infinity) this.#init.onEnding()
      return true
    })
  }

  /** @returns whether it was there, and not over */
  async delete<K> (map: BoundedMap<K>, key: K, signal: AbortSignal | undefined): Promise<boolean> {
    const path = map.pathOf(key)
    return await this.#change(path, signal, async () => {
      await this.#write(path, () => this.#init.datastore.delete(datastoreKey(path)))
      const live = map.live(key) !== undefined
      map.delete(key)
      return live
    })
  }

  /** Deletes an entry if it is over by then. @throws {GaterWriteError} when the datastore refuses, and the entry stays */
  async collect<K> (map: BoundedMap<K>, key: K): Promise<void> {
    const path = map.pathOf(key)
    await this.#queue.run(path, async () => {
      const entry = map.entries.get(key)
      if (entry === undefined || !isOver(entry, () => this.#init.clock.wallMs())) return
      if (entry.kind === 'manual') await this.#write(path, () => this.#init.datastore.delete(datastoreKey(path)))
      map.delete(key)
    })
  }

  /** Takes no more, and waits for what has begun, as long as a caller would. */
  async close (): Promise<void> {
    this.#closed = true
    await this.#within(undefined, this.#queue.idle(), undefined)
  }

  async #change<T> (path: string, signal: AbortSignal | undefined, change: () => Promise<T>): Promise<T> {
    const { maxPendingWrites, writeTimeoutMs } = this.#init.limits
    if (this.#closed) throw new GaterClosedError()
    if (this.#queue.pending >= maxPendingWrites) throw new GaterWriteError(path, `${maxPendingWrites} changes wait for the datastore already (maxPendingWrites)`)
    signal?.throwIfAborted()
    return await this.#within(signal, this.#queue.run(path, change), new GaterWriteTimeoutError(path, writeTimeoutMs))
  }

  async #write (path: string, write: () => unknown): Promise<void> {
    try {
      await write()
    } catch (cause) {
      throw new GaterWriteError(path, 'the datastore refused', { cause })
    }
  }

  /** Waits for the work, the signal or the timeout, whichever comes first; the work goes on. */
  async #within<T> (signal: AbortSignal | undefined, work: Promise<T>, onTimeout: Error | T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const onAbort = (): void => { reject(signal?.reason) }
    using _timer = this.#init.clock.setTimeout(() => {
      if (onTimeout instanceof Error) reject(onTimeout)
      else resolve(onTimeout)
    }, this.#init.limits.writeTimeoutMs)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await Promise.race([work, promise])
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }
}
